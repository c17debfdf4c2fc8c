import ParleyIndex

/// What a search tells about whether its passages can hold the answer at all.
public struct AnswerSignals: Sendable, Hashable, Codable {
    /// The highest cosine of the question with a passage.
    public let similarity: Double
    /// The share of the question's telling words in the passage that holds most of them.
    public let coverage: Double

    public init(similarity: Double, coverage: Double) { (self.similarity, self.coverage) = (similarity, coverage) }

    /// Nil when the question was not embedded, or nothing was found.
    public init?(question: String, passages: [Passage]) {
        guard let similarity = passages.compactMap({ $0.vector?.score }).max() else { return nil }
        let words = TellingWords.of(QuestionLanguage.wanted(question))
        let shares = passages.map { passage in
            let held = TellingWords.of((passage.headingPath + [passage.text]).joined(separator: "\n"))
            return words.isEmpty ? 0 : Double(words.intersection(held).count) / Double(words.count)
        }
        self.init(similarity: similarity, coverage: shares.max() ?? 0)
    }

    /// For the regression, with the constant last.
    var values: [Double] { [similarity, coverage, 1] }
}

/// Whether the passages found are likely to hold the answer, and how that was decided.
public struct Answerability: Sendable, Hashable, Codable {
    public let signals: AnswerSignals
    /// 0 to 1.
    public let probability: Double
    /// Below it the documents are taken not to hold the answer.
    public let threshold: Double

    public var isAnswerable: Bool { probability >= threshold }

    public init(signals: AnswerSignals, probability: Double, threshold: Double) {
        (self.signals, self.probability, self.threshold) = (signals, probability, threshold)
    }
}
