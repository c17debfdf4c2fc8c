public import ParleyCore

/// Finds the chunks of one project by their words.
///
/// An index is a shadow of the rows: it can be dropped and fed again, and whoever shows a hit checks it against the rows.
/// Reads may run beside writes; a read sees each batch wholly or not at all.
///
/// A chunk's words are those of its title, twice, and of its text: what a passage is headed weighs more than what it mentions.
///
/// The question's language: plain words are alternatives; `"a phrase"` must occur exactly so (case and accents aside);
/// `+word` must occur; `-word` must not. Everything else is text, and no text is an error.
/// A question of more than sixteen words is prose, and quotes and signs in it are text like the rest.
public protocol LexicalIndex: Sendable {
    /// Adds chunks, or replaces those with the same identifier. Of equal identifiers in one call the last one counts.
    func upsert(_ chunks: [IndexedChunk]) async throws
    func remove(chunks: [ChunkID]) async throws
    func remove(documents: [DocumentID]) async throws
    /// Gives all chunks of these documents other attributes.
    func update(documents: [DocumentID: ChunkAttributes]) async throws

    /// The index as it is now, asked one question.
    func ask(_ question: String) async throws -> any LexicalAnswers

    /// How many chunks there are.
    func count() async throws -> Int
}

/// What an index, as it was when it was asked, knows of one question.
public protocol LexicalAnswers: Sendable {
    /// The best chunks by BM25, best first (the mean of the chunk's own and its document's, which for a document of one chunk is its BM25); ties by identifier.
    func best(filter: SearchFilter, limit: Int) async throws -> [Candidate]

    /// The same scores for given chunks: 0 for one without any of the words;
    /// left out are chunks that are not here or that the question's conditions (phrase, `+`, `-`) bar.
    func scores(_ chunks: [ChunkID]) async throws -> [ChunkID: Double]

    /// How far these chunks hold the question's words; the words of quotations count, those that must not occur do not.
    func coverage(_ chunks: [ChunkID]) async throws -> WordCoverage
}
