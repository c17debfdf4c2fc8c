public import Retrieval

/// What happens while an answer is made, in order. Each event of an answer has a number; numbers grow, from 1.
public enum AnswerEvent: Sendable {
    /// The passages the answer may draw on, what was not working, and how the question is met. It may come again, with another way.
    case retrieval([Passage], [Degradation], AnswerManner?)
    /// More of the answer's text.
    case text(String)
    case citation(Citation)
    /// Whether the documents support the sentence that just ended.
    case sentence(SentenceCheck)
    case usage(TokenUsage)
    /// The answer is whole; the last event.
    case done
    /// The answer broke off; the last event.
    case failed(AnswerFailure)
    /// Somebody stopped the answer; the last event.
    case cancelled
    /// Generation began again after a crash: what came before is void.
    case restarted(attempt: Int)

    var isLast: Bool {
        switch self {
        case .done, .failed, .cancelled: true
        case .retrieval, .text, .citation, .sentence, .usage, .restarted: false
        }
    }
}

/// How a question is met, as far as that is known before there is any text.
public struct AnswerManner: Sendable, Hashable, Codable {
    /// Nil when it is refused.
    public let way: AnswerWay?
    public let stance: AnswerStance
    /// What the text is going to begin with where it may not answer.
    public let head: String?
}

extension AnswerOutcome {
    /// The event that tells what was found and what is made of it.
    var retrieval: AnswerEvent { .retrieval(passages, degraded, AnswerManner(way: way, stance: stance, head: head)) }
}

/// An event with its number.
public struct NumberedAnswerEvent: Sendable {
    public let number: Int
    public let event: AnswerEvent
}
