import ParleyCore
import ParleyDatabase
import ParleyInference

/// A set of vectors that one model in one runtime made; only vectors of one space may meet.
struct EmbeddingSpace: Sendable, Hashable {
    let id: SpaceID
    /// The model's `EmbeddingIdentity` as text.
    let identity: String
    let dimensions: Int
}

/// The rows of spaces and of the vectors in them.
struct EmbeddingStore: Sendable {
    /// The space of this identity, made on first use.
    func space(for identity: EmbeddingIdentity, at now: Timestamp, in connection: Connection) throws -> EmbeddingSpace {
        try connection.execute(
            """
            INSERT INTO embedding_spaces (id, identity, dimensions, created_at)
            VALUES (\(SpaceID(at: now)), \(identity.description), \(identity.dimensions), \(now)) ON CONFLICT (identity) DO NOTHING
            """)
        guard let space = try self.space(identity: identity.description, in: connection) else {
            throw ParleyError(.internal, "The embedding space could not be stored.")
        }
        return space
    }

    func space(identity: String, in connection: Connection) throws -> EmbeddingSpace? {
        try connection.row("SELECT id, identity, dimensions FROM embedding_spaces WHERE identity = \(identity)").map {
            EmbeddingSpace(id: try $0["id"], identity: try $0["identity"], dimensions: try $0["dimensions"])
        }
    }

    func put(_ vectors: [(chunk: ChunkID, vector: [Float])], space: SpaceID, in connection: Connection) throws {
        for (chunk, vector) in vectors {
            try connection.execute(
                """
                INSERT INTO embeddings (space_id, chunk_id, vector) VALUES (\(space), \(chunk), \(VectorBytes.bytes(vector)))
                ON CONFLICT (chunk_id, space_id) DO UPDATE SET vector = excluded.vector
                """)
        }
    }

    /// Which of these chunks have a vector in the space.
    func embedded(_ chunks: [ChunkID], space: SpaceID, in connection: Connection) throws -> Set<ChunkID> {
        guard !chunks.isEmpty else { return [] }
        let rows = try connection.rows("SELECT chunk_id FROM embeddings WHERE space_id = \(space) AND chunk_id IN \(list: chunks)")
        return Set(try rows.map { try $0["chunk_id"] })
    }

    /// Whether there is any document to be found.
    func isAnythingToEmbed(in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM documents WHERE current_revision_id IS NOT NULL AND deleted_at IS NULL LIMIT 1") != nil
    }

    /// The current revisions of documents that are not deleted and have chunks without a vector in this space.
    func unembedded(space: SpaceID, in connection: Connection) throws -> [(revision: RevisionID, project: ProjectID)] {
        try connection.rows(
            """
            SELECT DISTINCT chunks.revision_id AS revision_id, chunks.project_id AS project_id
            FROM documents JOIN chunks ON chunks.revision_id = documents.current_revision_id
            LEFT JOIN embeddings ON embeddings.chunk_id = chunks.id AND embeddings.space_id = \(space)
            WHERE documents.deleted_at IS NULL AND embeddings.chunk_id IS NULL
            """
        ).map { (try $0["revision_id"], try $0["project_id"]) }
    }
}

/// Vectors as bytes: 32-bit floats, little-endian, one after another.
public enum VectorBytes {
    /// Bytes that a vector of so many dimensions takes.
    public static func count(dimensions: Int) -> Int { dimensions * 4 }

    static func bytes(_ vector: [Float]) -> [UInt8] {
        vector.withUnsafeBytes { Array($0) }
    }

    /// Empty when the bytes are no whole number of floats.
    static func vector(_ bytes: [UInt8]) -> [Float] {
        guard bytes.count % 4 == 0 else { return [] }
        return bytes.withUnsafeBytes { raw in (0..<bytes.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) } }
    }
}
