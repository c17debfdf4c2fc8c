import Foundation

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
        Answerability(signals: signals, probability: probability(signals), threshold: threshold, doubt: doubt)
    }

    /// What comes with the product for its own embedding model; `docs/answers.md` tells how it was found.
    static func packaged(for identity: String) -> AnswerCalibration? {
        identity.hasPrefix("all-MiniLM-L6-v2@66422201886bdcb6/")
            ? AnswerCalibration(weights: [7.32, 5.43, 0.94, -8.98], threshold: 0.242, doubt: 0.583, questions: 609) : nil
    }
}
