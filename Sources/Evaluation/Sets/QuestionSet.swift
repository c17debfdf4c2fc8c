public import ParleyCore

public enum QuestionSetKind: IdentifierKind { public static let prefix = "qst" }
public enum SetQuestionKind: IdentifierKind { public static let prefix = "qsn" }
public typealias QuestionSetID = Identifier<QuestionSetKind>
public typealias SetQuestionID = Identifier<SetQuestionKind>

/// Questions of which it is known where their answers stand.
public struct QuestionSet: Sendable, Hashable {
    static let nameLength = TextLength(1...200)

    public let id: QuestionSetID
    public let project: ProjectID
    public let name: String
    public let description: String
    /// Whether feedback on answers lands here; a project has one such set.
    public let takesFeedback: Bool
    public let questions: Int
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
}

/// How a question came into its set.
public enum QuestionSource: String, Sendable, CaseIterable, Codable {
    case api, file, thread, feedback
}

/// One question of a set.
public struct SetQuestion: Sendable, Hashable {
    public let id: SetQuestionID
    public let set: QuestionSetID
    /// Its name in the file it came from; unique in the set.
    public var key: String?
    public var question: String
    /// Whether the documents hold the answer; nil when nobody has said yet.
    public var isAnswerable: Bool?
    public var expected: [ExpectedPlace]
    /// What a good answer says, for people.
    public var answer: String?
    public var tags: [String]
    public let source: QuestionSource
    /// The answer that it was saved from.
    public let message: MessageID?
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    var expectation: Expectation { Expectation(isAnswerable: isAnswerable, places: expected) }
}

/// What a question is to be.
public struct QuestionDraft: Sendable, Hashable {
    public var key: String?
    public var question: String
    /// Nil: it is answerable when places are expected.
    public var isAnswerable: Bool?
    public var expected: [ExpectedPlace]
    public var answer: String?
    public var tags: [String]

    public init(
        key: String? = nil, question: String, isAnswerable: Bool? = nil, expected: [ExpectedPlace] = [], answer: String? = nil,
        tags: [String] = []
    ) {
        (self.key, self.question, self.isAnswerable) = (key, question, isAnswerable)
        (self.expected, self.answer, self.tags) = (expected, answer, tags)
    }
}
