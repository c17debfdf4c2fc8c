public import ParleyCore

/// One person's conversation in a project.
public struct ChatThread: Sendable, Hashable {
    static let titleLength = TextLength(1...200)

    public let id: ThreadID
    public let project: ProjectID
    public let owner: UserID
    public var title: String
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    /// The newest message, where that was asked for.
    public var lastMessage: Message?
}

/// Who speaks.
public enum MessageRole: String, Sendable, CaseIterable {
    case user, assistant
}

/// Whether a message is whole.
public enum MessageState: String, Sendable, CaseIterable {
    case complete, generating, failed, cancelled
}
