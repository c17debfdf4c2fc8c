import ParleyAuthority
import ParleyCore

/// The OpenAPI 3.1 document of the endpoints.
struct OpenAPI {
    let list: EndpointList
    let version: String
    private let leads: ResponseLinks

    init(list: EndpointList, version: String) {
        (self.list, self.version) = (list, version)
        leads = ResponseLinks(list.endpoints)
    }

    var document: JSONValue {
        var paths: [String: JSONValue] = [:]
        for endpoint in list.endpoints {
            paths[endpoint.path] = (paths[endpoint.path] ?? [:]).adding(endpoint.method.rawValue.lowercased(), operation(endpoint))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Parley", "version": .string(version), "summary": "Ask your documents, with verified citations.",
                "description": .string(Self.introduction), "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "tags": .array(list.tags.map { ["name": .string($0.name), "description": .string($0.description)] }),
            "paths": .object(paths),
            "components": components,
        ]
    }

    private var components: JSONValue {
        var schemas = Components(list.endpoints).schemas.mapValues(\.jsonSchema)
        schemas["Problem"] = Self.problem
        schemas["PageInfo"] = [
            "type": "object", "required": ["next_cursor", "prev_cursor", "has_more", "total"],
            "properties": [
                "next_cursor": ["type": ["string", "null"]], "prev_cursor": ["type": ["string", "null"]], "has_more": ["type": "boolean"],
                "total": [
                    "type": ["object", "null"], "description": "With `total=true`.", "required": ["count", "exact"],
                    "properties": ["count": ["type": "integer"], "exact": ["type": "boolean"]],
                ],
            ],
        ]
        return [
            "schemas": .object(schemas),
            "securitySchemes": [
                "bearer": [
                    "type": "http", "scheme": "bearer",
                    "description": "The access token of a session (`POST /v1/auth/sign-in`) or an API key (`POST /v1/me/keys`).",
                ]
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: JSONValue = [
            "operationId": .string(endpoint.id), "tags": [.string(endpoint.tag.name)], "summary": .string(endpoint.summary),
            "description": .string(endpoint.wholeDescription), "parameters": .array(parameters(endpoint)),
            "responses": .object(responses(endpoint)),
            "security": endpoint.access == .open ? [] : [["bearer": []]],
            "x-parley-access": .string(endpoint.access.text), "x-parley-rate": .string(endpoint.rate.rawValue),
        ]
        if let body = requestBody(endpoint) { operation = operation.adding("requestBody", body) }
        if endpoint.deprecation != nil { operation = operation.adding("deprecated", true) }
        return operation
    }

    private func parameters(_ endpoint: Endpoint) -> [JSONValue] {
        let inPath = endpoint.pathParameters.map { name -> JSONValue in
            let shape = leads.prefixes[name].map { SchemaShape.identifier(prefix: $0) } ?? .string(length: 1...1000, pattern: nil)
            return ["name": .string(name), "in": "path", "required": true, "schema": shape.jsonSchema, "example": shape.example]
        }
        return inPath + endpoint.headerParameters + endpoint.query.map(\.declaration)
    }

    private func requestBody(_ endpoint: Endpoint) -> JSONValue? {
        if let input = endpoint.input {
            let json: JSONValue = ["schema": input.jsonSchema, "example": input.example]
            let lines = Self.lines(input)
            let content = [("application/json", json)] + endpoint.accepts.filter { $0 != "application/json" }.map { ($0.text, lines) }
            return ["required": true, "content": .object(Dictionary(content) { first, _ in first })]
        }
        guard !endpoint.accepts.isEmpty else { return nil }
        let content = endpoint.accepts.map { range -> (String, JSONValue) in
            let file: JSONValue = ["type": "string", "format": "binary"]
            return (range.text, ["schema": range == .multipart ? Self.form : range == "application/json" ? [:] : file])
        }
        return ["required": true, "content": .object(Dictionary(content) { first, _ in first })]
    }

    /// The list in a bulk request's body, of which each item stands on a line of its own.
    private static func lines(_ input: SchemaShape) -> JSONValue {
        guard case .object(let object) = input, let list = object.members.first, case .array = list.shape else { return ["schema": [:]] }
        return [
            "schema": list.shape.jsonSchema.adding("description", "One item a line."), "example": object.example[list.name] ?? [],
        ]
    }

    /// A file that is not empty, and tags.
    private static let form: JSONValue = [
        "type": "object", "required": ["file"],
        "properties": ["file": ["type": "string", "format": "binary", "minLength": 1], "tags": ["type": "string"]],
    ]

    private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for (status, shape) in [endpoint.status: endpoint.output].merging(endpoint.otherSuccesses, uniquingKeysWith: { first, _ in first })
        {
            responses[String(status)] = success(endpoint, status, shape)
        }
        if responses["200"] != nil, endpoint.responseHeaders(200)["ETag"] != nil, endpoint.method == .get {
            responses["304"] = ["description": "It is what the caller has already.", "headers": endpoint.responseHeaders(304)]
        }
        for (status, codes) in Dictionary(grouping: endpoint.possibleErrors, by: endpoint.status(of:)) {
            let form: (String, JSONValue) =
                endpoint.isForeign ? ("application/json", [:]) : ("application/problem+json", ["$ref": "#/components/schemas/Problem"])
            responses[String(status)] = [
                "description": .string(codes.map { "\($0.name): \($0.title)." }.joined(separator: " ")),
                "content": .object([form.0: ["schema": form.1]]),
            ]
        }
        return responses
    }

    private func success(_ endpoint: Endpoint, _ status: Int, _ shape: SchemaShape) -> JSONValue {
        var success: JSONValue = ["description": "Success."]
        switch shape {
        case .nothing: break
        case .bytes(let types):
            let content = types.map { ($0, ["schema": $0 == "application/json" ? [:] : shape.jsonSchema] as JSONValue) }
            success = success.adding("content", .object(Dictionary(content) { first, _ in first }))
        case .events(let kinds): success = Self.events(kinds)
        default: success = success.adding("content", content(endpoint, shape))
        }
        let headers = endpoint.responseHeaders(status)
        if headers != [:] { success = success.adding("headers", headers) }
        let links = leads.links(from: endpoint, shape)
        return links.isEmpty ? success : success.adding("links", .object(links))
    }

    /// The forms that the answer can be had in.
    private func content(_ endpoint: Endpoint, _ shape: SchemaShape) -> JSONValue {
        let forms = endpoint.representations.map { form -> (String, JSONValue) in
            (form.mediaTypes[0], form == .json ? ["schema": shape.jsonSchema, "example": shape.example] : ["schema": ["type": "string"]])
        }
        let events = endpoint.canStream ? [("text/event-stream", ["schema": Self.event([])] as JSONValue)] : []
        return .object(Dictionary(forms + events) { first, _ in first })
    }

    private static func events(_ kinds: [EventShape]) -> JSONValue {
        let list = kinds.map { kind -> JSONValue in
            ["event": .string(kind.kind), "description": .string(kind.description), "data": kind.data.jsonSchema]
        }
        let names = kinds.map { JSONValue.string($0.kind) }
        return [
            "description": "Server-sent events.",
            "content": ["text/event-stream": ["schema": event(names), "x-parley-events": .array(list)]],
        ]
    }

    /// The form of each event in a stream, as OpenAPI 3.1 tools understand it.
    private static func event(_ kinds: [JSONValue]) -> JSONValue {
        [
            "type": "object", "description": "One server-sent event. `data` is JSON.", "required": ["data"],
            "properties": [
                "id": ["type": "string"], "data": ["type": "string", "contentMediaType": "application/json"],
                "event": kinds.isEmpty ? ["type": "string"] : ["type": "string", "enum": .array(kinds)],
            ],
        ]
    }

    private static let introduction = """
        Errors are problem documents (RFC 9457). Lists come in pages with signed cursors, and take `sort`, `filter` and `fields`. Changes take \
        an `Idempotency-Key`. `Parley-Version` names a dated version of the API; the first one is spoken without it. The rules are the same \
        for all endpoints below `/v1`.
        """

    private static let problem: JSONValue = [
        "type": "object", "description": "An error (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "instance", "request_id", "errors"],
        "properties": [
            "type": ["type": "string", "format": "uri-reference"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "code": ["type": "string", "description": "Stable; switch on it."],
            "instance": ["type": "string"],
            "request_id": ["type": "string"],
            "limit": ["type": "integer", "description": "The limit that was met, where it is a number."],
            "used": ["type": "integer", "description": "How much of it is used."],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["pointer", "message"],
                    "properties": ["pointer": ["type": "string"], "message": ["type": "string"]],
                ],
            ],
        ],
    ]
}

extension QueryParameter {
    /// The parameter as OpenAPI has it.
    var declaration: JSONValue {
        let parameter: JSONValue = [
            "name": .string(name), "in": "query", "required": .bool(isRequired), "description": .string(description), "schema": jsonSchema,
            "explode": false,
        ]
        return example.map { parameter.adding("example", $0) } ?? parameter
    }

    /// The parameter's JSON Schema with its default.
    var jsonSchema: JSONValue {
        guard let standard else { return shape.jsonSchema }
        return shape.jsonSchema.adding("default", (try? JSONParser.parse(Array(standard.utf8))) ?? .string(standard))
    }
}

extension Endpoint.Access {
    /// In words, for the documents.
    var text: String {
        switch self {
        case .open: "open"
        case .signedIn: "signed in"
        case .installation(let permission): "installation: \(permission.rawValue)"
        case .project(let permission): "project: \(permission.rawValue)"
        }
    }
}
