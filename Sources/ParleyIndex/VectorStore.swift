public import ParleyCore

/// Finds the chunks of one project by their embeddings, all of one embedding space.
///
/// Like a `LexicalIndex` it is a shadow of the rows, and reads may run beside writes.
public protocol VectorStore: Sendable {
    /// Adds chunks, or replaces those with the same identifier; one without vectors is taken away. Of equal identifiers in one call the last one counts.
    /// - Throws: `vectorInvalid` when a vector has another dimension, no direction, or a number that is not finite; nothing is added then.
    func upsert(_ vectors: [IndexedVector]) async throws
    func remove(chunks: [ChunkID]) async throws
    func remove(documents: [DocumentID]) async throws
    /// Gives all vectors of these documents other attributes.
    func update(documents: [DocumentID: ChunkAttributes]) async throws

    /// The nearest chunks by cosine (-1…1) of their nearest vector, nearest first; ties by identifier.
    /// - Throws: `vectorInvalid` as above.
    func search(_ vector: [Float], filter: SearchFilter, limit: Int) async throws -> [Candidate]

    /// The cosines of given chunks; those not here are left out.
    func scores(_ vector: [Float], chunks: [ChunkID]) async throws -> [ChunkID: Double]

    /// The mean of all stored vectors, each of length 1; zeros when there are none. Its product with a question is what a passage
    /// without relation to the question is to be expected to have.
    func center() async throws -> [Float]

    /// How many chunks there are.
    func count() async throws -> Int
}

extension ErrorCode {
    public static let vectorInvalid = Self("vector.invalid", .unprocessable, "The vector does not fit this embedding space")
}
