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
    let isRefusal: Bool
    let answerability: Answerability?
    let sentences: [SentenceCheck]
    let droppedCitations: Int
}

extension AnswerOutcome {
    var grounding: Grounding {
        Grounding(
            isRefusal: isRefusal ?? false, answerability: answerability, sentences: sentences ?? [], droppedCitations: droppedCitations ?? 0
        )
    }

    /// How the question was met.
    public var stance: AnswerStance {
        isRefusal == true ? .refused : answerability?.isDoubtful == true ? .doubted : .answered
    }

    var wasCutShort: Bool { finish == .length }
}
