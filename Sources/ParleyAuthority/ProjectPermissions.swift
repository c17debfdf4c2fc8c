/// A permission on a project as a type, which `ProjectScope` names.
public protocol ProjectPermission: Sendable {
    static var permission: Permission { get }
}

public struct ProjectRead: ProjectPermission { public static let permission = Permission.projectRead }
public struct ProjectManage: ProjectPermission { public static let permission = Permission.projectManage }
public struct DocumentsRead: ProjectPermission { public static let permission = Permission.documentsRead }
public struct DocumentsWrite: ProjectPermission { public static let permission = Permission.documentsWrite }
public struct Search: ProjectPermission { public static let permission = Permission.search }
public struct ThreadsUse: ProjectPermission { public static let permission = Permission.threadsUse }
public struct EvaluationsUse: ProjectPermission { public static let permission = Permission.evaluationsUse }

extension ProjectPermission where Self == ProjectRead { public static var projectRead: Self { Self() } }
extension ProjectPermission where Self == ProjectManage { public static var projectManage: Self { Self() } }
extension ProjectPermission where Self == DocumentsRead { public static var documentsRead: Self { Self() } }
extension ProjectPermission where Self == DocumentsWrite { public static var documentsWrite: Self { Self() } }
extension ProjectPermission where Self == Search { public static var search: Self { Self() } }
extension ProjectPermission where Self == ThreadsUse { public static var threadsUse: Self { Self() } }
extension ProjectPermission where Self == EvaluationsUse { public static var evaluationsUse: Self { Self() } }
