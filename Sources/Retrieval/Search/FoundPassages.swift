import Library
import ParleyCore

/// What a search shows of its ranking: chunks that are still there, each text once.
struct FoundPassages {
    let passages: [Passage]
    let candidates: [SearchTrace.Candidate]

    /// - Parameter live: those of the ranked chunks that may be shown.
    init(_ ranked: [RankedChunk], _ live: [ChunkID: LiveChunk], limit: Int) {
        let rows = ranked.compactMap { hit in live[hit.chunk].map { (hit, $0) } }
        let copies = Copies(rows.map(\.1))
        let shown = copies.order.prefix(max(0, limit))
        passages = shown.enumerated().map { index, place in Passage(rows[place].0, rows[place].1, index: index + 1) }
        let kept = Set(shown.map { rows[$0].0.chunk })
        let copied = Set(copies.originals.keys.map { rows[$0].0.chunk })
        candidates = ranked.map { hit in
            let row = live[hit.chunk]
            let reason =
                row == nil
                ? "no longer part of a current document"
                : copied.contains(hit.chunk) ? "the same text as a passage before it" : "ranked behind the passages asked for"
            return SearchTrace.Candidate(
                chunk: hit.chunk, document: row?.chunk.document, documentName: row?.documentName, rank: hit.rank, score: hit.score,
                lexical: hit.lexical.map(Passage.Part.init), vector: hit.vector.map(Passage.Part.init),
                dropped: kept.contains(hit.chunk) ? nil : reason)
        }
    }
}

extension Passage.Part {
    fileprivate init(_ part: ScorePart) { self.init(score: part.score, rank: part.rank) }
}

extension Passage {
    fileprivate init(_ hit: RankedChunk, _ live: LiveChunk, index: Int) {
        let chunk = live.chunk
        self.init(
            index: index, chunk: chunk.id, document: chunk.document, revision: chunk.revision, documentName: live.documentName,
            mediaType: live.mediaType, text: chunk.text, from: chunk.from, to: chunk.to, firstPage: chunk.firstPage,
            lastPage: chunk.lastPage, headingPath: chunk.headingPath, score: hit.score, lexical: hit.lexical.map(Part.init),
            vector: hit.vector.map(Part.init), tableHeader: chunk.tableHeader)
    }
}
