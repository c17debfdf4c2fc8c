public import ParleyAuthority
import ParleyCore

/// Tells who stands behind a bearer token. Implemented by the accounts feature.
public protocol RequestAuthenticator: Sendable {
    /// The caller; nil when the token is unknown, expired or withdrawn.
    func authenticate(_ bearer: String) async throws -> Principal?
}

/// The checks at the door of every endpoint that is not open.
struct Gate: Sendable {
    let authenticator: any RequestAuthenticator
    let authorizer: Authorizer
    /// The caller, when the token was checked before.
    var known: Principal?

    /// - Throws: `auth.required` without a token or with one that is not valid.
    func principal(_ request: EndpointRequest) async throws -> Principal {
        if let known { return known }
        guard let bearer = request.bearerToken else {
            throw ParleyError(.unauthenticated, "Send an access token in the Authorization header: Bearer <token>.")
        }
        guard let principal = try await authenticator.authenticate(bearer) else {
            throw ParleyError(.unauthenticated, "The access token is not valid or has expired; sign in again.")
        }
        return principal
    }

    func scope<Held: InstallationPermission>(_ request: EndpointRequest, _ permission: Held) async throws -> Scope<Held> {
        try authorizer.scope(await principal(request), permission)
    }

    func projectScope<Held: ProjectPermission>(_ request: EndpointRequest, _ permission: Held) async throws -> ProjectScope<Held> {
        let principal = try await principal(request)
        return try await authorizer.scope(principal, permission, on: project(request))
    }

    /// - Throws: what the endpoint itself would throw for a caller who may not call it.
    func admit(_ access: Endpoint.Access, _ request: EndpointRequest) async throws {
        switch access {
        case .open: break
        case .installation(let permission): try authorizer.require(permission, of: await principal(request))
        case .project(let permission):
            let principal = try await principal(request)
            try await authorizer.require(permission, of: principal, on: project(request))
        }
    }

    /// The project that the path names.
    private func project(_ request: EndpointRequest) throws -> ProjectID {
        guard let project = ProjectID(try request.parameter("project")) else {
            throw ParleyError(.projectNotFound, "There is no such project, or you are not a member of it.")
        }
        return project
    }
}
