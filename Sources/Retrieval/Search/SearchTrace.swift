public import ParleyCore

/// What a search did, for whoever wants its result explained.
public struct SearchTrace: Sendable, Hashable, Codable {
    /// A chunk that was ranked.
    public struct Candidate: Sendable, Hashable, Codable {
        public let chunk: ChunkID
        /// Nil when the chunk is not to be had any more.
        public let document: DocumentID?
        public let documentName: String?
        /// Of all that were ranked, from 1.
        public let rank: Int
        public let score: Double
        public let lexical: Passage.Part?
        public let vector: Passage.Part?
        /// Why it is not among the passages; nil when it is.
        public let dropped: String?

        public init(
            chunk: ChunkID, document: DocumentID?, documentName: String?, rank: Int, score: Double, lexical: Passage.Part?,
            vector: Passage.Part?, dropped: String?
        ) {
            (self.chunk, self.document, self.documentName, self.rank) = (chunk, document, documentName, rank)
            (self.score, self.lexical, self.vector, self.dropped) = (score, lexical, vector, dropped)
        }
    }

    /// How long a part of the work took.
    public struct Stage: Sendable, Hashable, Codable {
        public let name: String
        public let milliseconds: Double

        public init(_ name: String, _ duration: Duration) {
            (self.name, milliseconds) = (name, (duration.seconds * 1_000_000).rounded() / 1000)
        }
    }

    /// What was matched by words.
    public let query: String
    /// What was embedded.
    public let embedded: String?
    public let mode: String
    /// The embedding space that was searched.
    public let space: SpaceID?
    public let candidates: [Candidate]
    public let stages: [Stage]

    public init(query: String, embedded: String?, mode: String, space: SpaceID?, candidates: [Candidate], stages: [Stage]) {
        (self.query, self.embedded, self.mode) = (query, embedded, mode)
        (self.space, self.candidates, self.stages) = (space, candidates, stages)
    }
}
