public import ParleyAuthority
public import ParleyCore

/// A project holds documents and threads; its members work in it.
public struct Project: Sendable, Hashable {
    static let nameLength = TextLength(1...200)
    static let descriptionLength = TextLength(0...2000)

    public let id: ProjectID
    public var name: String
    public var description: String
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// A project as one caller sees it.
public struct ProjectView: Sendable, Hashable {
    public let project: Project
    /// What the caller may do in it.
    public let role: ProjectRole
}

/// A person in a project.
public struct Member: Sendable, Hashable {
    public let user: UserID
    public let email: String
    public let name: String
    public let role: ProjectRole
    public let since: Timestamp
}
