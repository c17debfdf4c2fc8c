public import ParleyCore

/// Who acts: a person who signed in, or whose API key was shown. Only authenticators make one.
public struct Principal: Hashable, Sendable {
    public let user: UserID
    public let role: Role
    /// The API key that speaks for the person; nil when they signed in themselves.
    public let key: KeyID?
    /// The one project that the key opens; nil when nothing but the person's own rights bounds it.
    public let project: ProjectID?
    /// The session that the person signed in with; nil for a key, and where a job acts for them.
    public let session: SessionID?

    /// For authenticators alone: who says `@_spi(Authority) import` is looked at by `script/refusal-test`.
    @_spi(Authority)
    public init(user: UserID, role: Role, key: KeyID? = nil, project: ProjectID? = nil, session: SessionID? = nil) {
        (self.user, self.role, self.key, self.project, self.session) = (user, role, key, project, session)
    }
}

extension Principal {
    /// Refuses a key that speaks for the person. All that gives somebody rights or credentials asks for this, so that nothing that was
    /// done with a stolen key works longer than the key: accounts, roles, passwords, keys, members, invitations, quotas, webhooks.
    /// - Parameter action: what was to be done, as it stands behind "An API key cannot".
    /// - Throws: `auth.not_by_key`.
    public func requirePerson(to action: String) throws {
        guard key == nil else { throw ParleyError(.notByKey, "An API key cannot \(action). Sign in to do that.") }
    }
}

extension ErrorCode {
    public static let notByKey = Self("auth.not_by_key", .forbidden, "This cannot be done with an API key")
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
