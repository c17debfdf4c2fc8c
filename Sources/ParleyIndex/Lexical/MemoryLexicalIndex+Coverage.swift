public import ParleyCore

extension MemoryLexicalIndex {
    public func coverage(_ question: String, chunks: [ChunkID]) -> WordCoverage {
        let (snapshot, stemmer) = (current, Stemmer())
        // The parts of an identifier are words themselves.
        let words = Set(LexicalQuestion(question).ranking.filter { $0.kind != .identifier }.map { $0.term(stemmer) })
        var held: [ChunkID: Double] = [:]
        var total = 0.0
        for word in words.sorted() {
            let frequency = snapshot.segments.reduce(0) { $0 + SegmentMatcher(segment: $1).documentFrequency(word) }
            let weight = Double(BM25.idf(count: snapshot.chunkCount, holding: frequency))
            total += weight
            for chunk in Self.holders(of: word, among: chunks, in: snapshot) { held[chunk, default: 0] += weight }
        }
        return WordCoverage(best: total > 0 ? (held.values.max() ?? 0) / total : 0, words: words.count)
    }

    private static func holders(of word: String, among chunks: [ChunkID], in snapshot: LexicalSnapshot) -> [ChunkID] {
        snapshot.segments.flatMap { segment in
            guard let term = segment.vocabulary.terms[word] else { return [ChunkID]() }
            return chunks.filter { chunk in
                guard let row = segment.directory.rows(of: chunk)?.lowerBound else { return false }
                return segment.postings.frequency(term, row: UInt32(clamping: row)) > 0
            }
        }
    }
}
