public import Retrieval

/// What happens while an answer is made, in order. Each event of an answer has a number; numbers grow, from 1.
public enum AnswerEvent: Sendable {
    /// The passages the answer may draw on, and what was not working.
    case retrieval([Passage], [Degradation])
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

/// An event with its number.
public struct NumberedAnswerEvent: Sendable {
    public let number: Int
    public let event: AnswerEvent
}
