/// A permission on the installation as a type, which `Scope` names.
public protocol InstallationPermission: Sendable {
    static var permission: Permission { get }
}

public struct UsersManage: InstallationPermission { public static let permission = Permission.usersManage }
public struct OperationsRead: InstallationPermission { public static let permission = Permission.operationsRead }
public struct AccountRead: InstallationPermission { public static let permission = Permission.accountRead }
public struct KeysManage: InstallationPermission { public static let permission = Permission.keysManage }
public struct InvitationsAnswer: InstallationPermission { public static let permission = Permission.invitationsAnswer }
public struct BulkJobsUse: InstallationPermission { public static let permission = Permission.bulkJobsUse }
public struct ProtocolsUse: InstallationPermission { public static let permission = Permission.protocolsUse }
public struct ProjectsList: InstallationPermission { public static let permission = Permission.projectsList }
public struct ProjectsCreate: InstallationPermission { public static let permission = Permission.projectsCreate }
public struct ModelsRead: InstallationPermission { public static let permission = Permission.modelsRead }
public struct ModelsUse: InstallationPermission { public static let permission = Permission.modelsUse }
public struct ModelsManage: InstallationPermission { public static let permission = Permission.modelsManage }

extension InstallationPermission where Self == UsersManage { public static var usersManage: Self { Self() } }
extension InstallationPermission where Self == OperationsRead { public static var operationsRead: Self { Self() } }
extension InstallationPermission where Self == AccountRead { public static var accountRead: Self { Self() } }
extension InstallationPermission where Self == KeysManage { public static var keysManage: Self { Self() } }
extension InstallationPermission where Self == InvitationsAnswer { public static var invitationsAnswer: Self { Self() } }
extension InstallationPermission where Self == BulkJobsUse { public static var bulkJobsUse: Self { Self() } }
extension InstallationPermission where Self == ProtocolsUse { public static var protocolsUse: Self { Self() } }
extension InstallationPermission where Self == ProjectsList { public static var projectsList: Self { Self() } }
extension InstallationPermission where Self == ProjectsCreate { public static var projectsCreate: Self { Self() } }
extension InstallationPermission where Self == ModelsRead { public static var modelsRead: Self { Self() } }
extension InstallationPermission where Self == ModelsUse { public static var modelsUse: Self { Self() } }
extension InstallationPermission where Self == ModelsManage { public static var modelsManage: Self { Self() } }
