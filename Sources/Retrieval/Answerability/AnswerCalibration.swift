import Foundation
import ParleyIndex

/// How likely an answer is at given signals, learnt from questions of which it is known whether the documents answer them. Cosines
/// of unlike models mean unlike things, so a calibration holds for one embedding space.
public struct AnswerCalibration: Sendable, Hashable, Codable {
    /// Of `AnswerSignals.values`.
    public let weights: [Double]
    /// Below this probability the documents are taken not to hold the answer.
    public let threshold: Double
    /// Below this probability, and not below the threshold, an answer is given with a warning.
    public let doubt: Double
    /// Questions it was learnt from.
    public let questions: Int

    public init(weights: [Double], threshold: Double, doubt: Double, questions: Int) {
        (self.weights, self.threshold, self.doubt, self.questions) = (weights, threshold, doubt, questions)
    }

    public func probability(_ signals: AnswerSignals) -> Double {
        let sum = zip(weights, signals.values).reduce(0) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }

    public func judge(_ signals: AnswerSignals) -> Answerability {
        Answerability(
            judge: .likeness, signals: signals, probability: probability(signals), threshold: threshold, doubt: doubt)
    }

    /// Nil when the question was not embedded, or nothing was found.
    func judge(_ passages: [Passage], words: any LexicalAnswers) async throws -> Answerability? {
        try await AnswerSignals(passages, words: words).map(judge)
    }

    /// What comes with the product for its own embedding model; `docs/answers.md` tells how it was found.
    static func packaged(for identity: String) -> AnswerCalibration? {
        identity.hasPrefix("all-MiniLM-L6-v2@66422201886bdcb6/")
            ? AnswerCalibration(weights: [6.55, 2.75, 0.50, -5.92], threshold: 0.153, doubt: 0.575, questions: 663) : nil
    }
}
