import ParleyAuthority
import ParleyCore

/// The OpenAPI 3.1 document of the endpoints.
struct OpenAPI {
    let list: EndpointList
    let version: String

    var document: JSONValue {
        var paths: [String: JSONValue] = [:]
        for endpoint in list.endpoints {
            paths[endpoint.path] = (paths[endpoint.path] ?? [:]).adding(endpoint.method.rawValue.lowercased(), operation(endpoint))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Parley", "version": .string(version), "summary": "Ask your documents, with verified citations.",
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
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
            "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: JSONValue = [
            "operationId": .string(endpoint.id), "tags": [.string(endpoint.tag.name)], "summary": .string(endpoint.summary),
            "description": .string(endpoint.description), "parameters": .array(parameters(endpoint)),
            "responses": .object(responses(endpoint)),
            "security": endpoint.access == .open ? [] : [["bearer": []]],
            "x-parley-access": .string(endpoint.access.text), "x-parley-rate": .string(endpoint.rate.rawValue),
        ]
        if let body = requestBody(endpoint) { operation = operation.adding("requestBody", body) }
        if endpoint.deprecation != nil { operation = operation.adding("deprecated", true) }
        return operation
    }

    private func parameters(_ endpoint: Endpoint) -> [JSONValue] {
        // Whatever our own paths name, they name by an identifier.
        let isOurs = endpoint.path.hasPrefix("/v1/")
        let name: JSONValue = isOurs ? ["type": "string", "pattern": "^[a-z]+_[0-9A-HJKMNP-TV-Z]{26}$"] : ["type": "string"]
        let inPath: [JSONValue] = endpoint.pathParameters.map {
            ["name": .string($0), "in": "path", "required": true, "schema": name]
        }
        return inPath + headerParameters(endpoint)
            + endpoint.query.map { parameter in
                [
                    "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
                    "description": .string(parameter.description), "schema": parameter.jsonSchema, "explode": false,
                ]
            }
    }

    private func headerParameters(_ endpoint: Endpoint) -> [JSONValue] {
        guard endpoint.isIdempotencyKeyed else { return [] }
        return [
            [
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Carry the request out once, however often it is sent. A random UUID serves well.",
                "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"],
            ]
        ]
    }

    private func requestBody(_ endpoint: Endpoint) -> JSONValue? {
        if let input = endpoint.input {
            let lines = endpoint.accepts.filter { $0 != "application/json" }.map { ($0.text, ["schema": ["type": "string"]] as JSONValue) }
            let content = [("application/json", ["schema": input.jsonSchema])] + lines
            return ["required": true, "content": .object(Dictionary(content) { first, _ in first })]
        }
        guard !endpoint.accepts.isEmpty else { return nil }
        let content = endpoint.accepts.map { range -> (String, JSONValue) in
            let file: JSONValue = ["type": "string", "format": "binary"]
            return (range.text, ["schema": range == .multipart ? Self.form : file])
        }
        return ["required": true, "content": .object(Dictionary(content) { first, _ in first })]
    }

    /// A file that is not empty, and tags.
    private static let form: JSONValue = [
        "type": "object", "required": ["file"],
        "properties": ["file": ["type": "string", "format": "binary", "minLength": 1], "tags": ["type": "string"]],
    ]

    private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
        var success: JSONValue = ["description": "Success."]
        switch endpoint.output {
        case .nothing: break
        case .bytes(let type): success = success.adding("content", .object([type: ["schema": endpoint.output.jsonSchema]]))
        case .events(let kinds): success = Self.events(kinds, endpoint.output)
        default: success = success.adding("content", content(endpoint))
        }
        var responses = Dictionary(([endpoint.status] + endpoint.otherStatuses).map { (String($0), success) }) { first, _ in first }
        for (status, codes) in Dictionary(grouping: endpoint.possibleErrors, by: \.kind.status) {
            responses[String(status)] = [
                "description": .string(codes.map { "\($0.name): \($0.title)." }.joined(separator: " ")),
                "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
            ]
        }
        return responses
    }

    /// The forms that the answer can be had in.
    private func content(_ endpoint: Endpoint) -> JSONValue {
        let forms = endpoint.representations.map { form -> (String, JSONValue) in
            (form.mediaTypes[0], ["schema": form == .json ? endpoint.output.jsonSchema : ["type": "string"]])
        }
        return .object(Dictionary(forms) { first, _ in first })
    }

    private static func events(_ kinds: [EventShape], _ shape: SchemaShape) -> JSONValue {
        let list = kinds.map { kind -> JSONValue in
            ["event": .string(kind.kind), "description": .string(kind.description), "data": kind.data.jsonSchema]
        }
        return [
            "description": "Server-sent events.",
            "content": ["text/event-stream": ["schema": shape.jsonSchema, "x-parley-events": .array(list)]],
        ]
    }

    private static let problem: JSONValue = [
        "type": "object", "description": "An error (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "instance", "request_id", "errors"],
        "properties": [
            "type": ["type": "string", "format": "uri-reference"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "code": ["type": "string", "description": "Stable; switch on it."],
            "instance": ["type": "string"],
            "request_id": ["type": "string"],
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

extension Endpoint {
    /// What this endpoint can answer beside a success, sorted by name.
    var possibleErrors: [ErrorCode] {
        var codes = Set(errors + [.internal])
        if access != .open { codes.formUnion([.unauthenticated, .forbidden]) }
        if isIdempotencyKeyed { codes.formUnion(ErrorCode.ofIdempotency) }
        if !representations.isEmpty { codes.insert(.notAcceptable) }
        if path.hasPrefix("/v1/") { codes.insert(.unknownVersion) }
        if case .project = access { codes.insert(.projectNotFound) }
        if input != nil { codes.formUnion([.invalidInput, .malformedJSON, .mediaType, .tooLarge]) }
        if !accepts.isEmpty { codes.formUnion([.mediaType, .tooLarge]) }
        if accepts.contains(.multipart) { codes.insert(.malformedMultipart) }
        if !query.isEmpty { codes.insert(.invalidInput) }
        if case .page = output { codes.insert(.wrongCursor) }
        if versions != nil, method != .get, method != .post { codes.insert(.preconditionFailed) }
        if requiresPrecondition { codes.insert(.preconditionRequired) }
        return codes.sorted { $0.name < $1.name }
    }
}
