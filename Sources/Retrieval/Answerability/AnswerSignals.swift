import Foundation
import ParleyIndex

/// What a search tells about whether its passages can hold the answer at all.
public struct AnswerSignals: Sendable, Hashable, Codable {
    /// The highest cosine of the question with a passage.
    public let similarity: Double
    /// The share of the question's telling words in the passage that holds most of them, rare words counting more.
    public let coverage: Double
    /// How many telling words the question has: the longer it is, the less of it one passage can hold.
    public let words: Int

    public init(similarity: Double, coverage: Double, words: Int) {
        (self.similarity, self.coverage, self.words) = (similarity, coverage, words)
    }

    /// Nil when the question was not embedded, or nothing was found.
    init?(_ passages: [Passage], words: any LexicalAnswers) async throws {
        guard let similarity = passages.compactMap({ $0.vector?.score }).max() else { return nil }
        let coverage = try await words.coverage(passages.map(\.chunk))
        self.init(similarity: similarity, coverage: coverage.best, words: coverage.words)
    }

    /// For the regression, with the constant last.
    var values: [Double] { [similarity, coverage, log(Double(max(words, 1))), 1] }
}

/// Whether the passages found are likely to hold the answer, and how that was decided.
public struct Answerability: Sendable, Hashable, Codable {
    /// What tells it.
    public enum Judge: String, Sendable, CaseIterable, Codable {
        /// How alike question and passages are, in meaning and words.
        case likeness
        /// A model that read the question with each passage.
        case reader
    }

    public let judge: Judge
    /// What the search tells; nil where the question was not embedded.
    public let signals: AnswerSignals?
    /// 0 to 1.
    public let probability: Double
    /// Below it the documents are taken not to hold the answer.
    public let threshold: Double
    /// Below it an answer is given with a warning, if at all.
    public let doubt: Double

    public var isAnswerable: Bool { probability >= threshold }
    public var isDoubtful: Bool { probability < doubt }
    public var stance: AnswerStance { !isAnswerable ? .refused : isDoubtful ? .doubted : .answered }

    public init(judge: Judge, signals: AnswerSignals?, probability: Double, threshold: Double, doubt: Double) {
        (self.judge, self.signals) = (judge, signals)
        (self.probability, self.threshold, self.doubt) = (probability, threshold, doubt)
    }
}
