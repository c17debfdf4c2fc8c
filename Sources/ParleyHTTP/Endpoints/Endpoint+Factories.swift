public import ParleyAuthority
public import ParleyCore

extension Endpoint {
    /// Anyone may call it.
    public static func open<Output>(
        _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], accepts: [MediaRange] = [], output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .open, method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            accepts: accepts, output: output, status: status, errors: errors, rate: rate, cache: cache
        ) { request, _ in
            try await request.answered { try await handler($0) }
        }
    }

    /// For those who hold the permission on the installation.
    public static func installation<Held: InstallationPermission, Output>(
        _ permission: Held, _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], accepts: [MediaRange] = [], output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest, Scope<Held>) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .installation(Held.permission), method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            accepts: accepts, output: output, status: status, errors: errors, rate: rate, cache: cache
        ) { request, gate in
            let scope = try await gate.scope(request, permission)
            return try await request.answered { try await handler($0, scope) }
        }
    }

    /// For those who hold the permission on the project that stands in the path as `{project}`.
    public static func project<Held: ProjectPermission, Output>(
        _ permission: Held, _ method: Method, path: String, id: String, tag: EndpointTag, summary: String, description: String = "",
        query: [QueryParameter] = [], accepts: [MediaRange] = [], output: Schema<Output>, status: Int? = nil, errors: [ErrorCode] = [],
        rate: RateClass = .ordinary, cache: CachePolicy = .privateNoCache,
        handler: @escaping @Sendable (EndpointRequest, ProjectScope<Held>) async throws -> Reply<Output>
    ) -> Endpoint {
        Endpoint(
            .project(Held.permission), method, path: path, id: id, tag: tag, summary: summary, description: description, query: query,
            accepts: accepts, output: output, status: status, errors: errors, rate: rate, cache: cache
        ) { request, gate in
            let scope = try await gate.projectScope(request, permission)
            return try await request.answered { try await handler($0, scope) }
        }
    }
}
