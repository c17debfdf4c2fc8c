public import ParleyCore

/// Proof that a caller holds a permission on the installation. Only the authorizer makes one, so a store that takes a
/// `Scope` cannot be called for somebody who was never checked.
public struct Scope: Sendable {
    public let principal: Principal
    public let permission: Permission

    init(principal: Principal, permission: Permission) { (self.principal, self.permission) = (principal, permission) }
}

/// Proof that a caller holds a permission on one project. Made by the authorizer alone.
public struct ProjectScope: Sendable {
    public let principal: Principal
    public let permission: Permission
    public let project: ProjectID

    init(principal: Principal, permission: Permission, project: ProjectID) {
        (self.principal, self.permission, self.project) = (principal, permission, project)
    }
}
