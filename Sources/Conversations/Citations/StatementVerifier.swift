public import ParleyInference
public import Retrieval

/// Tells whether passages support a statement, in the same way as for the sentences of an answer.
public struct StatementVerifier: Sendable {
    private let scorer: SupportScorer
    private let opinion: SecondOpinion?
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

    /// - Parameter reader: is asked for a second opinion; without it, words alone tell.
    public init(passages: [Passage], question: String, reader: (any PassageReader)? = nil) {
        self.passages = passages
        scorer = SupportScorer(passages: passages, question: question)
        opinion = reader.map(SecondOpinion.init)
    }

    public func verify(_ statement: String) async -> Finding {
        guard var best = scorer.best(for: Claim(statement)), best.verdict != .notFound else {
            return Finding(verdict: .notFound, support: 0, passage: nil, from: 0, to: 0)
        }
        let passage = passages[best.evidence.passage]
        if let opinion { best = await opinion.support(best, for: statement, in: passage) }
        return Finding(
            verdict: best.verdict, support: best.score, passage: passage, from: passage.from + best.evidence.from,
            to: passage.from + best.evidence.to)
    }
}
