import ParleyCore

/// Some vectors, never added to again: rows of int8 for the scan and of half floats for the exact score.
struct VectorSegment: Sendable {
    var directory: RowDirectory
    private let stride: Int
    private var bytes: [Int8] = []
    private var scales: [Float] = []
    private var halves: [UInt16] = []

    /// The chunks are all different.
    init(_ vectors: [(chunk: ChunkID, attributes: ChunkAttributes, vector: QuantisedVector)], dimensions: Int) {
        stride = VectorKernel.stride(dimensions)
        directory = RowDirectory(vectors.map { ($0.chunk, $0.attributes) })
        bytes.reserveCapacity(vectors.count * stride)
        halves.reserveCapacity(vectors.count * stride)
        for entry in vectors {
            bytes += entry.vector.bytes
            halves += VectorKernel.halved(entry.vector.unit)
            scales.append(entry.vector.scale)
        }
    }

    /// The live rows of several segments as one.
    init(merging segments: [VectorSegment], dimensions: Int) {
        stride = VectorKernel.stride(dimensions)
        directory = RowDirectory(
            segments.flatMap { segment in
                segment.directory.live.rowsSet.map { (segment.directory.chunks[$0], segment.directory.attributes(ofRow: $0)) }
            })
        for segment in segments {
            for row in segment.directory.live.rowsSet {
                bytes += segment.bytes[row * stride..<(row + 1) * stride]
                halves += segment.halves[row * stride..<(row + 1) * stride]
                scales.append(segment.scales[row])
            }
        }
    }

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

    func vector(_ row: Int, dimensions: Int) -> [Float] {
        VectorKernel.widened(halves[row * stride..<row * stride + dimensions])
    }
}
