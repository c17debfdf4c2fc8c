import ParleyCore

extension Endpoint {
    /// The headers that mean something to the endpoint beyond those of every request, as OpenAPI parameters.
    var headerParameters: [JSONValue] {
        guard !isForeign else { return [] }
        var headers: [JSONValue] = []
        if isIdempotencyKeyed {
            headers.append(
                Self.header(
                    "Idempotency-Key", "Carry the request out once, however often it is sent. A random UUID serves well.",
                    ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"]))
        }
        if takesMatch {
            headers.append(
                Self.header(
                    "If-Match", "The `ETag` of the version that the change means; 412 when there is another one by now.",
                    ["type": "string"], isRequired: requiresPrecondition))
        }
        if method == .get, !representations.isEmpty, cache.allowsTags {
            headers.append(Self.header("If-None-Match", "An `ETag` from before: 304 when nothing has changed.", ["type": "string"]))
        }
        if prefersAnything {
            headers.append(
                Self.header("Prefer", "`return=minimal` for no body, `respond-async` where work can go on afterwards.", ["type": "string"]))
        }
        return headers
    }

    /// Whether it is a write that answers a resource.
    private var prefersAnything: Bool {
        switch (method, output) {
        case (.get, _), (.delete, _), (_, .nothing), (_, .bytes), (_, .events): false
        default: path.hasPrefix("/v1/")
        }
    }

    private static func header(_ name: String, _ description: String, _ schema: JSONValue, isRequired: Bool = false) -> JSONValue {
        ["name": .string(name), "in": "header", "required": .bool(isRequired), "description": .string(description), "schema": schema]
    }

    /// The headers of a success that are part of what the endpoint answers.
    func responseHeaders(_ status: Int) -> JSONValue {
        var names: [String: String] = [:]
        if [201, 202].contains(status) { names["Location"] = "Where the resource is." }
        if status == 200 || status == 304, method == .get, !representations.isEmpty, cache.allowsTags {
            names["ETag"] = "The version, for `If-None-Match` and `If-Match`."
        }
        if takesMatch, method != .delete { names["ETag"] = "The new version." }
        if case .page = output, status == 200 { names["Link"] = "The pages before and after (RFC 8288)." }
        return .object(names.mapValues { ["description": .string($0), "schema": ["type": "string"]] })
    }
}
