public import ParleyCore

/// What one side says of a chunk.
public struct ScorePart: Hashable, Sendable {
    /// BM25, or the cosine.
    public let score: Double
    /// Place in that side's own list, from 1; nil when the chunk was scored there though outside the list.
    public let rank: Int?

    public init(score: Double, rank: Int?) { (self.score, self.rank) = (score, rank) }
}

/// A chunk in its place, with the parts of its score.
public struct RankedChunk: Hashable, Sendable {
    public let chunk: ChunkID
    /// From 1.
    public let rank: Int
    /// The fused score, or the only side's; comparable within one answer alone.
    public let score: Double
    /// Nil when this side did not take part or does not know the chunk.
    public let lexical: ScorePart?
    public let vector: ScorePart?

    public init(chunk: ChunkID, rank: Int, score: Double, lexical: ScorePart?, vector: ScorePart?) {
        (self.chunk, self.rank, self.score, self.lexical, self.vector) = (chunk, rank, score, lexical, vector)
    }
}
