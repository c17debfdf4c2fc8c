public import ParleyCore
import Synchronization

/// An inverted index in process, fed from the rows: some 3.5 kB for each chunk of 250 words.
/// Segments are immutable; a write puts a new list of them in place, so that a read never waits for one.
public final class MemoryLexicalIndex: LexicalIndex {
    private let snapshot = Mutex(LexicalSnapshot())
    /// Held by the one writer: the number of every document ever seen.
    private let numbers = Mutex<[DocumentID: UInt32]>([:])

    public init() {}

    public func upsert(_ chunks: [IndexedChunk]) {
        var seen: Set<ChunkID> = []
        let different = Array(chunks.reversed().filter { seen.insert($0.chunk).inserted }.reversed())
        guard !different.isEmpty else { return }
        let documents = number(different.map(\.attributes.document))
        let added = LexicalSegment(different, documents: documents, stemmer: Stemmer())
        change { segments in
            Self.kill(added.directory.chunks, in: &segments)
            segments.append(added)
        }
    }

    public func remove(chunks: [ChunkID]) { change { Self.kill(chunks, in: &$0) } }

    public func remove(documents: [DocumentID]) {
        let wanted = Set(documents)
        change { segments in for index in segments.indices { segments[index].kill(documents: wanted) } }
    }

    public func update(documents: [DocumentID: ChunkAttributes]) {
        change { segments in for index in segments.indices { segments[index].update(documents) } }
    }

    public func count() -> Int { current.chunkCount }

    var current: LexicalSnapshot { snapshot.withLock { $0 } }

    private func number(_ documents: [DocumentID]) -> [UInt32] {
        numbers.withLock { numbers in
            documents.map { document in
                let number = numbers[document] ?? UInt32(clamping: numbers.count)
                numbers[document] = number
                return number
            }
        }
    }

    private static func kill(_ chunks: [ChunkID], in segments: inout [LexicalSegment]) {
        for index in segments.indices { for chunk in chunks { segments[index].kill(chunk) } }
    }

    private func change(_ body: (inout [LexicalSegment]) -> Void) {
        numbers.withLock { _ in
            var next = current.segments
            body(&next)
            next.removeAll { $0.directory.liveCount == 0 }
            while let plan = MergePolicy.next(next.map { ($0.directory.liveCount, $0.lengths.count) }) {
                let merged = LexicalSegment(merging: plan.map { next[$0] })
                next = next.indices.filter { !plan.contains($0) }.map { next[$0] } + [merged]
            }
            let changed = LexicalSnapshot(next)
            snapshot.withLock { $0 = changed }
        }
    }
}

extension MemoryLexicalIndex {
    private struct Place {
        let segment: Int
        let row: Int
    }

    public func search(_ question: String, filter: SearchFilter, limit: Int) -> [Candidate] {
        let question = LexicalQuestion(question)
        guard limit > 0, !question.ranking.isEmpty else { return [] }
        let (snapshot, stemmer) = (current, Stemmer())
        let ranking = BM25(question, over: snapshot, stemmer: stemmer)
        let segments = snapshot.segments
        var best = BestRows<Place>(limit: limit) { a, b in
            segments[a.segment].directory.chunks[a.row] < segments[b.segment].directory.chunks[b.row]
        }
        for (index, segment) in segments.enumerated() {
            let filtered = segment.directory.admitted(filter)
            let admitted = SegmentMatcher(segment: segment).restricted(filtered, by: question, stemmer: stemmer)
            Self.offer(ranking.scores(segment), index, admitted, to: &best)
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

    public func scores(_ question: String, chunks: [ChunkID]) -> [ChunkID: Double] {
        let question = LexicalQuestion(question)
        let (snapshot, stemmer) = (current, Stemmer())
        let ranking = BM25(question, over: snapshot, stemmer: stemmer)
        var result: [ChunkID: Double] = [:]
        for segment in snapshot.segments {
            let admitted = SegmentMatcher(segment: segment).restricted(segment.directory.live, by: question, stemmer: stemmer)
            for chunk in chunks {
                guard let row = segment.directory.rows(of: chunk)?.lowerBound, admitted[row] else { continue }
                result[chunk] = Double(ranking.score(segment, row: row))
            }
        }
        return result
    }
}
