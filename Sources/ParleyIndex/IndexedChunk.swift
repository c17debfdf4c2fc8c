public import ParleyCore

/// What filters look at. All chunks of a document carry the same value.
public struct ChunkAttributes: Hashable, Sendable {
    public var document: DocumentID
    /// The document's type as filters name it, e.g. `pdf`; empty when there is none.
    public var type: String
    public var tags: Set<String>
    /// The document's own date, where it has one.
    public var date: Timestamp?

    public init(document: DocumentID, type: String = "", tags: Set<String> = [], date: Timestamp? = nil) {
        (self.document, self.type, self.tags, self.date) = (document, type, tags, date)
    }
}

/// A chunk as the lexical side takes it.
public struct IndexedChunk: Sendable {
    public var chunk: ChunkID
    /// The document's title and heading path as plain text. Do not repeat it in `text`: its words count twice as it is.
    public var title: String
    public var text: String
    public var attributes: ChunkAttributes

    public init(chunk: ChunkID, title: String = "", text: String, attributes: ChunkAttributes) {
        (self.chunk, self.title, self.text, self.attributes) = (chunk, title, text, attributes)
    }
}

/// A chunk as the vector side takes it.
public struct IndexedVector: Sendable {
    public var chunk: ChunkID
    /// The chunk's embeddings: one of the whole, or one of each window of it; the nearest speaks for the chunk.
    /// Their lengths do not matter: stores keep their directions.
    public var vectors: [[Float]]
    public var attributes: ChunkAttributes

    public init(chunk: ChunkID, vectors: [[Float]], attributes: ChunkAttributes) {
        (self.chunk, self.vectors, self.attributes) = (chunk, vectors, attributes)
    }

    /// A chunk with one embedding.
    public init(chunk: ChunkID, vector: [Float], attributes: ChunkAttributes) {
        self.init(chunk: chunk, vectors: [vector], attributes: attributes)
    }
}

/// A chunk that one side found.
public struct Candidate: Hashable, Sendable {
    public var chunk: ChunkID
    /// Comparable within one answer of one side only.
    public var score: Double
    /// Place in that side's list, from 1.
    public var rank: Int

    public init(chunk: ChunkID, score: Double, rank: Int) {
        (self.chunk, self.score, self.rank) = (chunk, score, rank)
    }
}
