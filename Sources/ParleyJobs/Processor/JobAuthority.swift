public import ParleyAuthority
import ParleyCore

/// Says what whoever stands behind a job may do, each time anew.
public struct JobAuthority: Sendable {
    private let principals: any PrincipalSource
    private let authorizer: Authorizer

    public init(principals: any PrincipalSource, authorizer: Authorizer) { (self.principals, self.authorizer) = (principals, authorizer) }

    /// - Throws: `auth.forbidden` when they may not act any more, or the key that spoke for them has ended.
    func principal(_ reference: PrincipalReference) async throws -> Principal {
        guard let principal = try await principals.principal(reference) else {
            throw ParleyError(.forbidden, "Whoever asked for this may not act any more: the account is disabled, or the API key has ended.")
        }
        return principal
    }

    /// - Throws: the same, and what the authorizer refuses with.
    func scope<Held: ProjectPermission>(_ reference: PrincipalReference, _ permission: Held, on project: ProjectID) async throws
        -> ProjectScope<Held>
    {
        try await authorizer.scope(principal(reference), permission, on: project)
    }

    /// - Throws: the same.
    func require(_ right: JobRight, of reference: PrincipalReference) async throws {
        try await authorizer.require(right.permission, of: principal(reference), on: right.project)
    }
}

/// What a job does on somebody's behalf.
struct JobRight: Hashable, Sendable {
    let permission: Permission
    let project: ProjectID
}
