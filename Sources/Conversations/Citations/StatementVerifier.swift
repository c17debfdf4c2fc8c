public import Retrieval

/// Tells whether passages support a statement, by the same rules as for the sentences of an answer.
public struct StatementVerifier: Sendable {
    private let scorer: SupportScorer
    private let passages: [Passage]

    /// What was found for a statement.
    public struct Finding: Sendable {
        public let verdict: SupportVerdict
        /// 0 to 1.
        public let support: Double
        /// The passage that the words stand in; nil when none were found.
        public let passage: Passage?
        /// The words' place in the revision's parsed text, in Unicode scalars, half-open.
        public let from: Int
        public let to: Int
    }

    public init(passages: [Passage], question: String) {
        self.passages = passages
        scorer = SupportScorer(passages: passages, question: question)
    }

    public func verify(_ statement: String) -> Finding {
        guard let best = scorer.best(for: Claim(statement)), best.verdict != .notFound else {
            return Finding(verdict: .notFound, support: 0, passage: nil, from: 0, to: 0)
        }
        let passage = passages[best.evidence.passage]
        return Finding(
            verdict: best.verdict, support: best.score, passage: passage, from: passage.from + best.evidence.from,
            to: passage.from + best.evidence.to)
    }
}
