public import ParleyCore

/// A long-lived secret with which a program speaks for a person: all that the person may do, or that in one project.
public struct APIKey: Sendable, Hashable {
    static let nameLength = TextLength(1...100)

    public let id: KeyID
    public let user: UserID
    /// The only project that it opens; nil for all of the person's.
    public let project: ProjectID?
    /// The person's own word for it.
    public let name: String
    /// The secret's first characters, to tell keys apart.
    public let hint: String
    public let createdAt: Timestamp
    /// When it ends; nil for never.
    public let expiresAt: Timestamp?
    /// When it was last used, to the minute; nil for not yet.
    public let usedAt: Timestamp?
}

/// A key with its secret, which is told once and never again.
public struct NewAPIKey: Sendable {
    public let key: APIKey
    public let secret: String
}
