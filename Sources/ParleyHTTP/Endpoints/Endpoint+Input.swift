public import ParleyAuthority
public import ParleyCore

extension Endpoint {
    /// Anyone may call it.
    public static func open<Input, Output>(
        _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], input: Schema<Input>, output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest, Input) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .open, method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            input: input.shape, output: output, status: status, errors: errors, rate: rate, cache: cache,
            decode: input.decoder
        ) { request, _ in
            try await request.answered { try await handler($0, $0.json(input)) }
        }
    }

    /// For those who hold the permission on the installation.
    public static func installation<Held: InstallationPermission, Input, Output>(
        _ permission: Held, _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], input: Schema<Input>, output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest, Scope<Held>, Input) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .installation(Held.permission), method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            input: input.shape, output: output, status: status, errors: errors, rate: rate, cache: cache,
            decode: input.decoder
        ) { request, gate in
            let scope = try await gate.scope(request, permission)
            return try await request.answered { try await handler($0, scope, $0.json(input)) }
        }
    }

    /// For those who hold the permission on the project that stands in the path as `{project}`.
    public static func project<Held: ProjectPermission, Input, Output>(
        _ permission: Held, _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], input: Schema<Input>, output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest, ProjectScope<Held>, Input) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .project(Held.permission), method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            input: input.shape, output: output, status: status, errors: errors, rate: rate, cache: cache,
            decode: input.decoder
        ) { request, gate in
            let scope = try await gate.projectScope(request, permission)
            return try await request.answered { try await handler($0, scope, $0.json(input)) }
        }
    }
}

extension Schema {
    /// Reads a value without telling its type.
    fileprivate var decoder: @Sendable (JSONValue) throws -> any Sendable { { try decode($0) } }
}
