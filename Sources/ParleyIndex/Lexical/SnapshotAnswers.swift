import ParleyCore

/// One question put to what one read sees of the index in process; what all answers need is worked out once.
struct SnapshotAnswers: LexicalAnswers {
    private let question: LexicalQuestion
    private let snapshot: LexicalSnapshot
    private let language: TextLanguage
    private let ranking: BM25

    private struct Place {
        let segment: Int
        let row: Int
    }

    init(_ question: LexicalQuestion, in snapshot: LexicalSnapshot, _ language: TextLanguage) {
        (self.question, self.snapshot, self.language) = (question, snapshot, language)
        ranking = BM25(question, over: snapshot, stemmer: Stemmer(language))
    }

    func best(filter: SearchFilter, limit: Int) -> [Candidate] {
        guard limit > 0, !question.ranking.isEmpty else { return [] }
        let segments = snapshot.segments
        var best = BestRows<Place>(limit: limit) { a, b in
            segments[a.segment].directory.chunks[a.row] < segments[b.segment].directory.chunks[b.row]
        }
        for (index, segment) in segments.enumerated() {
            Self.offer(ranking.scores(segment), index, admitted(segment.directory.admitted(filter), segment), to: &best)
        }
        return best.sorted().enumerated().map { index, entry in
            let chunk = segments[entry.row.segment].directory.chunks[entry.row.row]
            return Candidate(chunk: chunk, score: Double(entry.score), rank: index + 1)
        }
    }

    private static func offer(_ scores: [Float], _ segment: Int, _ admitted: Bitmap, to best: inout BestRows<Place>) {
        for (row, score) in scores.enumerated() where score > 0 && score >= best.threshold && admitted[row] {
            best.offer(Place(segment: segment, row: row), score)
        }
    }

    func scores(_ chunks: [ChunkID]) -> [ChunkID: Double] {
        var result: [ChunkID: Double] = [:]
        for segment in snapshot.segments {
            let admitted = admitted(segment.directory.live, segment)
            for chunk in chunks {
                guard let row = segment.directory.rows(of: chunk)?.lowerBound, admitted[row] else { continue }
                result[chunk] = Double(ranking.score(segment, row: row))
            }
        }
        return result
    }

    /// The rows that the question's conditions leave of these.
    private func admitted(_ rows: Bitmap, _ segment: LexicalSegment) -> Bitmap {
        guard question.hasConditions else { return rows }
        return SegmentMatcher(segment: segment).restricted(rows, by: question, stemmer: Stemmer(language))
    }

    func coverage(_ chunks: [ChunkID]) -> WordCoverage {
        var held: [ChunkID: Double] = [:]
        var total = 0.0
        for (term, weight) in ranking.words {
            total += Double(weight)
            for chunk in holders(of: term, among: chunks) { held[chunk, default: 0] += Double(weight) }
        }
        return WordCoverage(best: total > 0 ? (held.values.max() ?? 0) / total : 0, words: ranking.words.count)
    }

    private func holders(of term: String, among chunks: [ChunkID]) -> [ChunkID] {
        snapshot.segments.flatMap { segment in
            guard let number = segment.vocabulary.terms[term] else { return [ChunkID]() }
            return chunks.filter { chunk in
                guard let row = segment.directory.rows(of: chunk)?.lowerBound else { return false }
                return segment.postings.frequency(number, row: UInt32(clamping: row)) > 0
            }
        }
    }
}
