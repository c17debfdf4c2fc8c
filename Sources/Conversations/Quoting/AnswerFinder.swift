import Retrieval

/// Reads passages for a question. What is behind it may be words and likeness, or a model that reads.
protocol AnswerFinder: Sendable {
    /// What is known of each unit, in their order.
    func find(_ question: String, in passages: [Passage], _ units: [QuoteUnit]) async throws -> [FoundAnswer]
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
    /// From this probability on a unit is quoted as an answer; below it, as what stands nearest.
    static let sure = 0.55
}
