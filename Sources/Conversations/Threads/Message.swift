public import ParleyCore
public import ParleyInference
public import Retrieval

/// One turn of a thread. Messages form a tree: a question hangs on the answer it follows, an answer on its question.
public struct Message: Sendable, Hashable {
    public let id: MessageID
    public let thread: ThreadID
    public let parent: MessageID?
    public let role: MessageRole
    public var content: String
    public var state: MessageState
    public var outcome: AnswerOutcome
    public var job: JobID?
    /// How often generation was begun; more than 1 after a crash.
    public var attempt: Int
    public let createdAt: Timestamp
}

extension Message {
    /// As it goes into prompts: answers from elsewhere may hold a model's thinking.
    var withoutThinking: Message {
        guard role == .assistant else { return self }
        var message = self
        message.content = ReasoningReader.answer(of: content)
        return message
    }
}

/// What came with an answer beside its text; empty for a question.
public struct AnswerOutcome: Sendable, Hashable, Codable {
    public var passages: [Passage] = []
    public var citations: [Citation] = []
    public var degraded: [Degradation] = []
    public var usage: TokenUsage?
    public var failure: AnswerFailure?
    public var model: String?
    /// Why the model stopped; nil when it did not say, or when none was asked.
    public var finish: ChatFinish?
    /// Whether the documents support each of the answer's sentences; nil for answers from before there were such checks.
    public var sentences: [SentenceCheck]?
    /// Citations of the model's that could not be found in the documents.
    public var droppedCitations: Int?
    /// Whether the documents are likely to hold the answer; nil where nothing could tell.
    public var answerability: Answerability?
    /// Whether the answer says that the documents do not hold it.
    public var isRefusal: Bool?
    /// How the answer was made; nil for refusals, and for answers from before there were ways.
    public var way: AnswerWay?
    /// What a quoted answer is made of.
    public var quotes: [AnswerQuote]?
    /// Whether what is quoted may not answer; nil where the search alone tells.
    public var isDoubted: Bool?
    /// In which the answer speaks of itself; nil for English.
    public var language: AnswerLanguage?

    public init() {}
}

/// A place in an answer that rests on words of a document.
public struct Citation: Sendable, Hashable, Codable {
    /// From 1, in order of appearance; a passage keeps its number.
    public let number: Int
    /// Index of the passage in the answer's list, from 1.
    public let passage: Int
    /// Where in the answer the mark stands: after this many Unicode scalars.
    public let at: Int
    /// The document's own words.
    public let quote: String
    public let document: DocumentID
    public let revision: RevisionID
    public let documentName: String
    public let page: Int?
    /// The quote's place in the revision's parsed text, in Unicode scalars, half-open.
    public let from: Int
    public let to: Int
    /// How far the quote supports the sentence, 0 to 1.
    public let support: Double
    /// Nil for citations from before there were verdicts.
    public let verdict: SupportVerdict?
}

/// Tokens a model read and wrote.
public struct TokenUsage: Sendable, Hashable, Codable {
    public let promptTokens: Int
    public let completionTokens: Int
    /// True when they were counted here, since the model did not tell.
    public let isEstimate: Bool?

    public init(promptTokens: Int, completionTokens: Int, isEstimate: Bool? = nil) {
        (self.promptTokens, self.completionTokens, self.isEstimate) = (promptTokens, completionTokens, isEstimate)
    }
}

/// Why an answer broke off.
public struct AnswerFailure: Sendable, Hashable, Codable {
    public let code: String
    public let message: String
}
