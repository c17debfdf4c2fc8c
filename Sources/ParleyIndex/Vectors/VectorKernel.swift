import CVector

/// The processor's way of comparing vectors; both ways give equal numbers.
struct VectorKernel: Sendable {
    private let level: Int32

    static let portable = VectorKernel(level: Int32(parley_vector_portable.rawValue))  // fits: 0, in the header
    /// The fastest that this processor can do.
    static let best = VectorKernel(level: parley_vector_best_level())

    /// Bytes of a quantised row: the dimensions, rounded up to what the kernel reads at once.
    static func stride(_ dimensions: Int) -> Int { (dimensions + 31) / 32 * 32 }

    /// Integer dot products of `query` with `count` rows from `first` on, each times its scale.
    func scan(
        rows: UnsafePointer<Int8>, scales: UnsafePointer<Float>, count: Int, stride: Int, query: UnsafePointer<Int8>,
        into out: UnsafeMutablePointer<Float>
    ) {
        parley_vector_scan(rows, scales, count, stride, query, out, level)
    }

    func dot(half: UnsafePointer<UInt16>, _ query: UnsafePointer<Float>, length: Int) -> Float {
        parley_vector_dot_half(half, query, length, level)
    }

    static func halved(_ vector: [Float]) -> [UInt16] {
        var result = [UInt16](repeating: 0, count: vector.count)
        parley_vector_to_half(vector, &result, vector.count)
        return result
    }

    static func widened(_ half: ArraySlice<UInt16>) -> [Float] {
        var result = [Float](repeating: 0, count: half.count)
        half.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { parley_vector_from_half(base, &result, half.count) }
        }
        return result
    }
}
