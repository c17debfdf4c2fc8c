/// One thing a caller can be allowed to do. Every endpoint names exactly one, or says that it is open. Each has a type of its own beside it
/// (`InstallationPermissions.swift`, `ProjectPermissions.swift`), so that a scope can name the one that it proves.
public enum Permission: String, Sendable, CaseIterable {
    case usersManage = "users:manage"
    case operationsRead = "operations:read"
    /// One's own account, and what one has used.
    case accountRead = "account:read"
    /// One's own API keys.
    case keysManage = "keys:manage"
    /// To see, accept and decline the invitations that one has got.
    case invitationsAnswer = "invitations:answer"
    /// One's own bulk jobs.
    case bulkJobsUse = "bulk-jobs:use"
    /// The doors of foreign protocols. What is asked for through them needs its own permission besides.
    case protocolsUse = "protocols:use"
    case projectsList = "projects:list"
    case projectsCreate = "projects:create"
    /// Which language models there are.
    case modelsRead = "models:read"
    /// The installation's models, without the documents of a project.
    case modelsUse = "models:use"
    /// To add language models, and to take away those that were added.
    case modelsManage = "models:manage"

    case projectRead = "project:read"
    case projectManage = "project:manage"
    case documentsRead = "documents:read"
    case documentsWrite = "documents:write"
    case search = "search"
    case threadsUse = "threads:use"
    /// Question sets, runs over them, and everybody's feedback.
    case evaluationsUse = "evaluations:use"

    /// True for permissions that are held on one project rather than on the installation.
    public var isForProject: Bool {
        switch self {
        case .usersManage, .operationsRead, .accountRead, .keysManage, .invitationsAnswer, .bulkJobsUse, .protocolsUse,
            .projectsList,
            .projectsCreate, .modelsRead, .modelsUse, .modelsManage:
            false
        case .projectRead, .projectManage, .documentsRead, .documentsWrite, .search, .threadsUse, .evaluationsUse: true
        }
    }

    /// True for what is settled by people who signed in: no API key has it.
    public var isForPeopleAlone: Bool { self == .keysManage || self == .invitationsAnswer }
}

extension Role {
    /// What the role allows on the installation.
    public var permissions: Set<Permission> {
        switch self {
        case .admin: Set(Permission.allCases)
        case .user: Self.everybody.union([.projectsCreate])
        case .viewer: Self.everybody
        }
    }

    private static let everybody: Set<Permission> = [
        .accountRead, .keysManage, .invitationsAnswer, .bulkJobsUse, .protocolsUse, .projectsList, .modelsRead, .modelsUse,
    ]

    /// What the role allows in a project.
    /// - Parameter member: the part in the project; nil for none, which an administrator does not need.
    public func permissions(as member: ProjectRole?) -> Set<Permission> {
        switch self {
        case .admin: ProjectRole.owner.permissions
        case .user: member?.permissions ?? []
        case .viewer: member?.permissions.intersection(ProjectRole.viewer.permissions) ?? []
        }
    }
}

extension ProjectRole {
    /// What the role allows in its project.
    public var permissions: Set<Permission> {
        switch self {
        case .owner: Set(Permission.allCases.filter(\.isForProject))
        case .editor: [.projectRead, .documentsRead, .documentsWrite, .search, .threadsUse, .evaluationsUse]
        case .viewer: [.projectRead, .documentsRead, .search, .threadsUse]
        }
    }
}
