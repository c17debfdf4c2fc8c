import ParleyCore
import Retrieval

/// Reads passages for a question. What is behind it may be words and likeness, or a model that reads.
protocol AnswerFinder: Sendable {
    /// From this probability on a unit is quoted as an answer; below it, as what stands nearest.
    var sure: Double { get }
    /// Where no unit reaches this probability, the documents are taken not to hold the answer; nil where that is not for the finder to say.
    var threshold: Double? { get }

    /// What is known of each unit, in their order.
    func find(_ question: String, in passages: [Passage], _ units: [QuoteUnit]) async throws -> [FoundAnswer]
}

/// Passages that were read for a question: all that may be quoted of them, and what is known of it.
struct ReadPassages: Sendable {
    let passages: [Passage]
    let units: [QuoteUnit]
    /// Of each unit.
    let found: [FoundAnswer]
    /// As the finder's.
    let sure: Double
    let threshold: Double?

    /// - Parameter said: what earlier answers of the thread quoted; a question that follows them seldom asks for it again.
    init(_ question: String, _ passages: [Passage], finder: any AnswerFinder, said: [QuotedPlace] = []) async throws {
        units = QuoteUnit.all(in: passages)
        let found = try await finder.find(question, in: passages, units)
        self.found = zip(units, found).map { unit, found in
            let passage = passages[unit.passage]
            return said.contains { $0.overlaps(unit, of: passage) } ? found.saidBefore : found
        }
        (self.passages, sure, threshold) = (passages, finder.sure, finder.threshold)
    }

    /// That the best unit answers the question.
    var probability: Double { found.map(\.probability).max() ?? 0 }
}

/// What is known of one unit.
struct FoundAnswer: Sendable, Hashable {
    /// Which unit answers best; one that is less than `near` behind the best may be quoted beside it.
    let score: Double
    /// That the unit answers the question: 0 to 1.
    let probability: Double
    /// The words that answer, in Unicode scalars of the unit; empty where they cannot be told.
    let words: [Range<Int>]

    static let near = 1.0

    /// The same of a unit that an earlier answer quoted: one that is about as good comes before it.
    fileprivate var saidBefore: FoundAnswer {
        FoundAnswer(score: score - Self.near, probability: 0.7 * probability, words: words)
    }
}

/// A place that an answer quoted, in Unicode scalars of a revision's parsed text.
struct QuotedPlace: Sendable, Hashable {
    let revision: RevisionID
    let place: Range<Int>

    func overlaps(_ unit: QuoteUnit, of passage: Passage) -> Bool {
        passage.revision == revision && place.overlaps(passage.from + unit.from..<passage.from + max(unit.to, unit.from))
    }
}
