public import ParleyCore

public enum FeedbackKind: IdentifierKind { public static let prefix = "fbk" }
public typealias FeedbackID = Identifier<FeedbackKind>

public enum FeedbackRating: String, Sendable, CaseIterable {
    case up, down
}

/// What was wrong with an answer.
public enum FeedbackReason: String, Sendable, CaseIterable {
    case wrong, incomplete, invented
    case wrongSource = "wrong_source"
    /// It refused, though the documents hold the answer.
    case shouldHaveAnswered = "should_have_answered"
    /// It answered, though the documents do not hold the answer.
    case shouldHaveRefused = "should_have_refused"
    case outdated, other
}

/// The place where the right answer stands.
public struct CorrectedPassage: Sendable, Hashable, Codable {
    public let document: DocumentID
    public let name: String
    public let quote: String
    public let page: Int?
    /// In the parsed text, in Unicode scalars, half-open.
    public let from: Int
    public let to: Int
}

/// What one person says of one answer.
public struct Feedback: Sendable, Hashable {
    public let id: FeedbackID
    public let project: ProjectID
    public let thread: ThreadID
    public let message: MessageID
    public let user: UserID
    public var rating: FeedbackRating
    public var reason: FeedbackReason?
    public var comment: String
    public var passage: CorrectedPassage?
    /// The question of a set that it became.
    public var question: SetQuestionID?
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    /// It lands in the feedback set when it corrects a passage, or says why the answer is bad.
    var lands: Bool { passage != nil || (rating == .down && reason != nil) }

    /// Whether the documents hold the answer, as far as the feedback tells.
    var isAnswerable: Bool? {
        if passage != nil || reason == .shouldHaveAnswered { return true }
        return reason == .shouldHaveRefused ? false : nil
    }
}
