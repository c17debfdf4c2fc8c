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

    func scope(_ request: EndpointRequest, _ permission: Permission) async throws -> Scope {
        try authorizer.scope(await principal(request), permission)
    }

    func projectScope(_ request: EndpointRequest, _ permission: Permission) async throws -> ProjectScope {
        let principal = try await principal(request)
        guard let project = ProjectID(try request.parameter("project")) else {
            throw ParleyError(.projectNotFound, "There is no such project, or you are not a member of it.")
        }
        return try await authorizer.scope(principal, permission, on: project)
    }
}
