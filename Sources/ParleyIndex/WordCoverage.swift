/// How far some chunks hold the words of a question.
public struct WordCoverage: Sendable, Hashable {
    /// The share of the words in the chunk that holds most of them, each word counting by its rarity: 0 to 1.
    public let best: Double
    /// How many different words the question has, those that carry grammar alone left out.
    public let words: Int

    public init(best: Double, words: Int) { (self.best, self.words) = (best, words) }
}
