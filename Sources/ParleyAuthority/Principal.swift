public import ParleyCore

/// Who acts: a signed-in person, or the server itself where a named system task works on nobody's behalf.
public struct Principal: Hashable, Sendable {
    public let user: UserID
    public let role: Role
    /// The API key that speaks for the person; nil when they signed in themselves.
    public let key: KeyID?
    /// The one project that the key opens; nil when nothing but the person's own rights bounds it.
    public let project: ProjectID?

    public init(user: UserID, role: Role, key: KeyID? = nil, project: ProjectID? = nil) {
        (self.user, self.role, self.key, self.project) = (user, role, key, project)
    }
}

/// What a person may do on the installation as a whole.
public enum Role: String, Sendable, CaseIterable {
    /// Everything, including users and every project.
    case admin
    /// Makes projects, and works in those they are a member of.
    case user
    /// Reads and asks in projects they are a member of; makes none.
    case viewer
}

/// What a member may do in one project.
public enum ProjectRole: String, Sendable, CaseIterable {
    /// Everything in the project, members and deletion included.
    case owner
    /// Reads, asks, adds and removes documents.
    case editor
    /// Reads and asks.
    case viewer
}
