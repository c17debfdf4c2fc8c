public import ParleyCore
import Synchronization

/// An exact scan in process: int8 rows choose the best, four times as many as asked for or a hundred more,
/// and half floats score those again.
/// Some 1.2 kB for each vector of 384 dimensions. Segments are immutable; a write puts a new list of them in place, so that a read never waits for one.
public final class MemoryVectorStore: VectorStore {
    public let dimensions: Int
    private let kernel: VectorKernel
    private let segments = Mutex<[VectorSegment]>([])
    /// Held by the one writer.
    private let writing = Mutex<Void>(())

    public convenience init(dimensions: Int) { self.init(dimensions: dimensions, kernel: .best) }

    init(dimensions: Int, kernel: VectorKernel) {
        (self.dimensions, self.kernel) = (max(1, dimensions), kernel)
    }

    public func upsert(_ chunks: [IndexedVector]) throws(ParleyError) {
        var entries: [(chunk: ChunkID, attributes: ChunkAttributes, vectors: [QuantisedVector])] = []
        var seen: Set<ChunkID> = []
        for entry in chunks.reversed() {
            var vectors: [QuantisedVector] = []
            for vector in entry.vectors { vectors.append(try QuantisedVector(vector, dimensions: dimensions)) }
            if seen.insert(entry.chunk).inserted, !vectors.isEmpty { entries.append((entry.chunk, entry.attributes, vectors)) }
        }
        let added = VectorSegment(entries.reversed(), dimensions: dimensions)
        change { segments in
            Self.kill(Array(seen), in: &segments)
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

    public func count() -> Int { current.reduce(0) { $0 + $1.directory.liveCount } }

    public func center() -> [Float] {
        var sum = [Double](repeating: 0, count: dimensions)
        var rows = 0
        for segment in current {
            for index in sum.indices { sum[index] += segment.sum[index] }
            rows += segment.liveRows
        }
        return sum.map { Float($0 / Double(max(1, rows))) }
    }

    private var current: [VectorSegment] { segments.withLock { $0 } }

    private static func kill(_ chunks: [ChunkID], in segments: inout [VectorSegment]) {
        for index in segments.indices { for chunk in chunks { segments[index].kill(chunk) } }
    }

    private func change(_ body: (inout [VectorSegment]) -> Void) {
        writing.withLock { _ in
            var next = current
            body(&next)
            next.removeAll { $0.directory.liveCount == 0 }
            while let plan = MergePolicy.next(next.map { ($0.liveRows, $0.directory.chunks.count) }) {
                let merged = VectorSegment(merging: plan.map { next[$0] }, dimensions: dimensions)
                next = next.indices.filter { !plan.contains($0) }.map { next[$0] } + [merged]
            }
            segments.withLock { $0 = next }
        }
    }
}

extension MemoryVectorStore {
    private struct Place {
        let segment: Int
        let row: Int
    }

    public func search(_ vector: [Float], filter: SearchFilter, limit: Int) throws(ParleyError) -> [Candidate] {
        let query = try QuantisedVector(vector, dimensions: dimensions)
        guard limit > 0 else { return [] }
        let segments = current
        let precedes = { (a: Place, b: Place) in
            segments[a.segment].directory.chunks[a.row] < segments[b.segment].directory.chunks[b.row]
        }
        var near = BestRows<Place>(limit: Self.rescored(limit, segments), precedes: precedes)
        for (index, segment) in segments.enumerated() {
            Self.scan(segment, index, query, segment.directory.admitted(filter), kernel, into: &near)
        }
        let exact = near.entries.map { entry in
            (place: entry.row, score: segments[entry.row.segment].cosine(entry.row.row, query, kernel: kernel))
        }
        .sorted { $0.score != $1.score ? $0.score > $1.score : precedes($0.place, $1.place) }
        return Self.chunks(exact, in: segments, limit: limit)
    }

    /// How many rows are scored again in full precision, so that int8 cannot have cost a chunk its place.
    private static func rescored(_ limit: Int, _ segments: [VectorSegment]) -> Int {
        let limit = min(limit, 1 << 20)
        let chunks = segments.reduce(0) { $0 + $1.directory.liveCount }
        let rows = segments.reduce(0) { $0 + $1.liveRows }
        return max(100, min(4 * limit, limit + 100)) * max(1, (rows + chunks - 1) / max(1, chunks))
    }

    /// The chunks of the rows, each in the place of its best row.
    private static func chunks(_ rows: [(place: Place, score: Float)], in segments: [VectorSegment], limit: Int) -> [Candidate] {
        var seen: Set<ChunkID> = []
        var candidates: [Candidate] = []
        for (place, score) in rows where candidates.count < limit {
            let chunk = segments[place.segment].directory.chunks[place.row]
            guard seen.insert(chunk).inserted else { continue }
            candidates.append(Candidate(chunk: chunk, score: Double(score), rank: candidates.count + 1))
        }
        return candidates
    }

    private static func scan(
        _ segment: VectorSegment, _ index: Int, _ query: QuantisedVector, _ admitted: Bitmap, _ kernel: VectorKernel,
        into near: inout BestRows<Place>
    ) {
        segment.scan(query, admitted, kernel: kernel) { first, scores, word in
            for (offset, score) in scores.enumerated() where word >> UInt64(offset) & 1 != 0 && score >= near.threshold {  // fits: an index
                near.offer(Place(segment: index, row: first + offset), score)
            }
        }
    }

    public func scores(_ vector: [Float], chunks: [ChunkID]) throws(ParleyError) -> [ChunkID: Double] {
        let query = try QuantisedVector(vector, dimensions: dimensions)
        var result: [ChunkID: Double] = [:]
        for segment in current {
            for chunk in chunks {
                guard let rows = segment.directory.rows(of: chunk) else { continue }
                result[chunk] = Double(rows.reduce(-Float.infinity) { max($0, segment.cosine($1, query, kernel: kernel)) })
            }
        }
        return result
    }
}
