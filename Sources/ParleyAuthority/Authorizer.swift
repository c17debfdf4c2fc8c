public import ParleyCore

/// Where the authorizer learns who is a member of what, each time anew.
public protocol MembershipSource: Sendable {
    /// The person's role in the project; nil when they are no member or the project does not exist.
    func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole?
    /// Whether there is such a project (and it is not deleted).
    func projectExists(_ project: ProjectID) async throws -> Bool
}

/// The one place that decides. HTTP, sockets, bulk items, ids inside bodies and jobs all come here.
public struct Authorizer: Sendable {
    private let memberships: any MembershipSource

    /// For the composition of the product: who may choose the memberships could make any scope.
    @_spi(Authority)
    public init(memberships: any MembershipSource) { self.memberships = memberships }

    /// - Throws: as `require`.
    public func scope<Held: InstallationPermission>(_ principal: Principal, _ permission: Held) throws -> Scope<Held> {
        try require(Held.permission, of: principal)
        return Scope(principal)
    }

    /// - Throws: as `require`.
    public func scope<Held: ProjectPermission>(_ principal: Principal, _ permission: Held, on project: ProjectID) async throws
        -> ProjectScope<Held>
    {
        try await require(Held.permission, of: principal, on: project)
        return ProjectScope(principal, project)
    }

    /// The check alone, for what names its permission as a value.
    /// - Throws: `auth.forbidden` when the role, or the key that is used, does not allow it; `auth.not_by_key` for a key where people
    ///   alone may.
    public func require(_ permission: Permission, of principal: Principal) throws {
        guard principal.key == nil || !permission.isForPeopleAlone else {
            throw ParleyError(.notByKey, "No API key allows \(permission.rawValue). Sign in to do that.")
        }
        guard principal.project == nil || Self.openToProjectKeys.contains(permission) else {
            throw ParleyError(.forbidden, "This API key is for one project and does not allow \(permission.rawValue).")
        }
        guard !permission.isForProject, principal.role.permissions.contains(permission) else {
            throw ParleyError(.forbidden, "Your role, \(principal.role.rawValue), does not allow \(permission.rawValue).")
        }
    }

    /// The check alone, for what names its permission as a value.
    /// - Throws: `project.not_found` when there is no such project or the caller is no member, so that strangers cannot tell
    ///   the two apart; `auth.forbidden` when a member's role does not allow it.
    public func require(_ permission: Permission, of principal: Principal, on project: ProjectID) async throws {
        guard principal.project == nil || principal.project == project else { throw Self.noProject }
        var member: ProjectRole?
        if principal.role == .admin {
            guard try await memberships.projectExists(project) else { throw Self.noProject }
        } else {
            member = try await memberships.projectRole(of: principal.user, in: project)
            if member == nil { throw Self.noProject }
        }
        guard principal.role.permissions(as: member).contains(permission) else {
            throw ParleyError(.forbidden, "Your role in this project does not allow \(permission.rawValue).")
        }
    }

    /// What a key that opens one project may do beyond it.
    private static let openToProjectKeys: Set<Permission> = [
        .accountRead, .bulkJobsUse, .protocolsUse, .projectsList, .modelsRead,
    ]

    private static var noProject: ParleyError { ParleyError(.projectNotFound, "There is no such project, or you are not a member of it.") }
}

extension ErrorCode {
    public static let unauthenticated = Self("auth.required", .unauthenticated, "You need to sign in")
    public static let forbidden = Self("auth.forbidden", .forbidden, "You are not allowed to do this")
    public static let projectNotFound = Self("project.not_found", .notFound, "There is no such project")
}
