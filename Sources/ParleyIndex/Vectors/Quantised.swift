import ParleyCore

/// A unit vector in both of its stored forms, padded with zeros to the kernel's stride.
struct QuantisedVector {
    /// -127…127, the largest component at an end.
    let bytes: [Int8]
    /// What one step of `bytes` is worth.
    let scale: Float
    /// The unit vector itself, padded.
    let unit: [Float]

    /// - Throws: `vectorInvalid`.
    init(_ vector: [Float], dimensions: Int) throws(ParleyError) {
        guard vector.count == dimensions else {
            throw ParleyError(.vectorInvalid, "The vector has \(vector.count) dimensions; this space has \(dimensions).")
        }
        let norm = vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
        guard norm.isFinite, norm > 0 else {
            throw ParleyError(.vectorInvalid, "The vector has no direction: it is all zeros or holds a number that is not finite.")
        }
        let padding = [Float](repeating: 0, count: VectorKernel.stride(dimensions) - dimensions)  // fits: a stride is no shorter
        let unit = vector.map { Float(Double($0) / norm) } + padding
        let peak = unit.reduce(Float(0)) { max($0, $1.magnitude) }
        let scale = peak / 127
        // fits: cut to 127, and `unit` is finite with a peak above 0
        bytes = unit.map { Int8(max(-127, min(127, ($0 / scale).rounded()))) }
        (self.scale, self.unit) = (scale, unit)
    }
}
