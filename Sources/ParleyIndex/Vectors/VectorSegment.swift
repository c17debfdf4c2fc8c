import ParleyCore

/// Some vectors, never added to again: rows of int8 for the scan and of half floats for the exact score.
/// A value: killing rows of a copy leaves readers of the original alone.
struct VectorSegment: Sendable {
    private(set) var directory: RowDirectory
    /// Of the live vectors.
    private(set) var sum: [Double]
    private(set) var liveRows: Int
    private let stride: Int
    private var bytes: [Int8] = []
    private var scales: [Float] = []
    private var halves: [UInt16] = []

    /// The chunks are all different.
    init(_ chunks: [(chunk: ChunkID, attributes: ChunkAttributes, vectors: [QuantisedVector])], dimensions: Int) {
        stride = VectorKernel.stride(dimensions)
        directory = RowDirectory(
            chunks.map { RowDirectory.Entry(chunk: $0.chunk, attributes: $0.attributes, rows: $0.vectors.count) })
        (sum, liveRows) = ([Double](repeating: 0, count: stride), 0)
        for vector in chunks.lazy.flatMap(\.vectors) {
            bytes += vector.bytes
            halves += VectorKernel.halved(vector.unit)
            scales.append(vector.scale)
        }
        for row in scales.indices { count(row, 1) }
    }

    /// The live rows of several segments as one.
    init(merging segments: [VectorSegment], dimensions: Int) {
        stride = VectorKernel.stride(dimensions)
        let entries = segments.map(\.directory.liveEntries)
        directory = RowDirectory(entries.flatMap { $0.map(\.entry) })
        (sum, liveRows) = ([Double](repeating: 0, count: stride), 0)
        for (segment, entries) in zip(segments, entries) {
            for (_, rows) in entries {
                bytes += segment.bytes[rows.lowerBound * stride..<rows.upperBound * stride]
                halves += segment.halves[rows.lowerBound * stride..<rows.upperBound * stride]
                scales += segment.scales[rows]
            }
            for index in sum.indices { sum[index] += segment.sum[index] }
            liveRows += segment.liveRows
        }
    }

    private mutating func count(_ row: Int, _ times: Int) {
        let vector = VectorKernel.widened(halves[row * stride..<(row + 1) * stride])
        for index in sum.indices { sum[index] += Double(times) * Double(vector[index]) }
        liveRows += times
    }

    mutating func kill(_ chunk: ChunkID) {
        for row in directory.kill(chunk) { count(row, -1) }
    }

    mutating func kill(documents: Set<DocumentID>) {
        for chunk in directory.chunks(of: documents) { kill(chunk) }
    }

    mutating func update(_ changes: [DocumentID: ChunkAttributes]) { directory.update(changes) }
}

extension VectorSegment {
    /// Approximate cosines of the admitted rows, in blocks: the body gets the first row, its block's scores and which of them count.
    func scan(
        _ query: QuantisedVector, _ admitted: Bitmap, kernel: VectorKernel, _ body: (Int, UnsafeBufferPointer<Float>, UInt64) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { out in
            guard let target = out.baseAddress else { return }
            bytes.withUnsafeBufferPointer { bytes in
                scales.withUnsafeBufferPointer { scales in
                    guard let rows = bytes.baseAddress, let scale = scales.baseAddress else { return }
                    for (index, word) in admitted.words.enumerated() where word != 0 {
                        let first = index << 6
                        let count = min(64, admitted.rows - first)
                        kernel.scan(
                            rows: rows + first * stride, scales: scale + first, count: count, stride: stride, query: query.bytes,
                            into: target)
                        body(first, UnsafeBufferPointer(start: target, count: count), word)
                    }
                }
            }
        }
    }

    /// The cosine of one row, from half floats.
    func cosine(_ row: Int, _ query: QuantisedVector, kernel: VectorKernel) -> Float {
        halves.withUnsafeBufferPointer { halves in
            guard let base = halves.baseAddress else { return 0 }
            return kernel.dot(half: base + row * stride, query.unit, length: stride)
        }
    }
}
