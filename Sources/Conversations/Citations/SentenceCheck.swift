import ParleyInference
public import Retrieval

/// Whether words of the documents support a sentence.
public enum SupportVerdict: String, Sendable, CaseIterable, Codable {
    case supported, partly
    case notFound = "not_found"
}

/// A sentence of an answer, and whether the documents support it.
public struct SentenceCheck: Sendable, Hashable, Codable {
    /// Unicode scalars of the answer, half-open.
    public let from: Int
    public let to: Int
    public let verdict: SupportVerdict
    /// 0 to 1.
    public let support: Double
}

/// How far the documents bear an answer out.
struct Grounding: Sendable, Hashable {
    let way: AnswerWay?
    let stance: AnswerStance
    let head: String?
    let isRefusal: Bool
    let answerability: Answerability?
    let sentences: [SentenceCheck]
    let droppedCitations: Int
}

extension AnswerOutcome {
    var grounding: Grounding {
        Grounding(
            way: way, stance: stance, head: head, isRefusal: isRefusal ?? false, answerability: answerability, sentences: sentences ?? [],
            droppedCitations: droppedCitations ?? 0)
    }

    /// The line that a text begins with which is no answer but what stands nearest to the question.
    var head: String? { way == .quoted && stance == .doubted ? (language ?? .english).nearest : nil }

    /// How the question was met.
    public var stance: AnswerStance {
        isRefusal == true ? .refused : isDoubted ?? (answerability?.isDoubtful == true) ? .doubted : .answered
    }

    var wasCutShort: Bool { finish == .length }
}
