import HTTPTypes
import ParleyCore

extension EndpointRequest {
    /// The handler's answer under the request's conditions (RFC 9110 §13), after all that is checked without it.
    func answered<Output>(_ handler: (Self) async throws -> Reply<Output>) async throws -> Reply<Output> {
        let request = try validated()
        guard let versions = endpoint.versions else { return try await handler(request) }
        switch endpoint.method {
        case .get: return try await request.read(versions, handler)
        case .post: return try await handler(request)
        case .put, .patch, .delete: return try await request.write(versions, handler)
        }
    }

    private func read<Output>(_ versions: ResourceVersion, _ handler: (Self) async throws -> Reply<Output>) async throws -> Reply<Output> {
        // What is included has versions of its own.
        guard includes.isEmpty, let version = try await versions.current(self) else { return try await handler(self) }
        let tag = EntityTag.version(version, variant: variant)
        if EntityTag.matches(header("If-None-Match"), tag) { return Reply.notModified.header("ETag", tag) }
        return try await handler(self).header("ETag", tag)
    }

    private func write<Output>(_ versions: ResourceVersion, _ handler: (Self) async throws -> Reply<Output>) async throws -> Reply<Output> {
        let (match, noneMatch) = (header("If-Match"), header("If-None-Match"))
        guard match != nil || noneMatch != nil || !endpoint.requiresPrecondition else {
            throw ParleyError(
                .preconditionRequired, "Read the resource first, and send its ETag as If-Match, so that nobody else's change is lost.")
        }
        var reply: Reply<Output>?
        if match == nil, noneMatch == nil {
            reply = try await handler(self)
        } else {
            try await versions.guarding(self, Self.demand(match, noneMatch)) { reply = try await handler(self) }
        }
        guard let reply else { throw ParleyError(.internal, "The endpoint \(endpoint.id) did not carry out its guarded write.") }
        guard reply.hasValue, let version = try await versions.current(self) else { return reply }
        return reply.header("ETag", EntityTag.version(version, variant: variant))
    }

    private static func demand(_ match: String?, _ noneMatch: String?) -> ResourceVersion.Demand {
        { version in
            let tag = version.map { EntityTag.version($0, variant: nil) }
            let isMet = match.map { EntityTag.isSame($0, tag) } ?? true
            let isNew = noneMatch.map { header in tag.map { !EntityTag.matches(header, $0) } ?? true } ?? true
            guard isMet, isNew else {
                throw ParleyError(
                    .preconditionFailed,
                    "The resource has changed since you read it. Read it again, and repeat your change on what it is now.")
            }
        }
    }

    /// Which of the resource's forms is asked for; nil for the whole.
    private var variant: String? { values.values["fields"]?.joined(separator: ",") }
}
