public import ParleyCore

/// Proof that a caller holds a permission on the installation. Only the authorizer makes one, and its type names the permission: a service
/// that takes a `Scope<UsersManage>` cannot be called for somebody who was never checked, or who was checked for something else.
public struct Scope<Held: InstallationPermission>: Sendable {
    public let principal: Principal

    init(_ principal: Principal) { self.principal = principal }
}

/// Proof that a caller holds a permission on one project. Made by the authorizer alone.
public struct ProjectScope<Held: ProjectPermission>: Sendable {
    public let principal: Principal
    public let project: ProjectID

    init(_ principal: Principal, _ project: ProjectID) { (self.principal, self.project) = (principal, project) }
}

/// Proof that whoever acts holds the data folder, which needs no account: the operator at the command line.
public struct OperatorScope: Sendable {
    @_spi(Authority)
    public init() {}
}
