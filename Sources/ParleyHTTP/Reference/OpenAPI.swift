import ParleyAuthority
import ParleyCore

/// The OpenAPI 3.1 document of the endpoints.
struct OpenAPI {
    let list: EndpointList
    let version: String
    let leads: ResponseLinks
    let objects: Components
    private let errors: SharedErrors

    init(list: EndpointList, version: String) {
        (self.list, self.version) = (list, version)
        leads = ResponseLinks(list.endpoints)
        objects = Components(list.endpoints)
        errors = SharedErrors(list.endpoints)
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
        var schemas = objects.jsonSchemas
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
            "parameters": declared(list.endpoints.flatMap(\.requestHeaders), \.parameter),
            "headers": declared(list.endpoints.flatMap { SharedErrors.everywhere + Self.answerHeaders($0) }, \.header),
            "responses": .object(errors.components),
            "securitySchemes": [
                "bearer": [
                    "type": "http", "scheme": "bearer",
                    "description": "The access token of a session (`POST /v1/auth/sign-in`) or an API key (`POST /v1/me/keys`).",
                ]
            ],
        ]
    }

    /// Headers under their names among the components.
    private func declared(_ headers: [DeclaredHeader], _ form: (DeclaredHeader) -> JSONValue) -> JSONValue {
        .object(Dictionary(headers.map { ($0.key, form($0)) }) { first, _ in first })
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: JSONValue = [
            "operationId": .string(endpoint.id), "tags": [.string(endpoint.tag.name)], "summary": .string(endpoint.summary),
            "description": .string(endpoint.wholeDescription), "parameters": .array(parameters(endpoint)),
            "responses": .object(successes(endpoint).merging(errors.responses(of: endpoint)) { first, _ in first }),
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
            return [
                "name": .string(name), "in": "path", "required": true, "schema": shape.jsonSchema(.parameters), "example": shape.example,
            ]
        }
        return inPath + endpoint.requestHeaders.map(\.parameterReference) + endpoint.query.map(\.declaration)
    }

    private func requestBody(_ endpoint: Endpoint) -> JSONValue? {
        if let input = endpoint.input {
            let schema: JSONValue = ["schema": input.jsonSchema(objects.sentSide)]
            let json = if case .any = input { schema } else { schema.adding("example", input.example) }
            let lines = lines(input)
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
    private func lines(_ input: SchemaShape) -> JSONValue {
        guard case .object(let object) = input, let list = object.members.first, case .array = list.shape else { return ["schema": [:]] }
        return [
            "schema": list.shape.jsonSchema(objects.sentSide).adding("description", "One item a line."),
            "example": object.example[list.name] ?? [],
        ]
    }

    /// A file that is not empty, and tags.
    private static let form: JSONValue = [
        "type": "object", "required": ["file"],
        "properties": ["file": ["type": "string", "format": "binary", "minLength": 1], "tags": ["type": "string"]],
    ]

    private static let introduction = """
        Errors are problem documents (RFC 9457). Lists come in pages with signed cursors, and take `sort`, `filter` and `fields`. Changes take \
        an `Idempotency-Key`. `Parley-Version` names a dated version of the API; the first one is spoken without it. The rules are the same \
        for all endpoints below `/v1`. What is sent is held to its schema, unknown members included; answers may have more members, and \
        other values where `x-extensible-enum` stands, without a new version. With `fields` an answer has only the members asked for. Every \
        path knows `OPTIONS`, and `HEAD` beside `GET`; another method is answered 405 with `Allow`. Bodies may be compressed with \
        `Content-Encoding: gzip` or `deflate`.
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
        guard let standard else { return shape.jsonSchema(.parameters) }
        return shape.jsonSchema(.parameters).adding("default", (try? JSONValue(parsing: standard.utf8)) ?? .string(standard))
    }
}

extension Endpoint.Access {
    /// In words, for the documents.
    var text: String {
        switch self {
        case .open: "open"
        case .installation(let permission): "installation: \(permission.rawValue)"
        case .project(let permission): "project: \(permission.rawValue)"
        }
    }
}
