import Testing

@testable import ParleyIndex

@Suite struct VectorKernelTests {
    @Test(arguments: [32, 64, 384, 768]) func bothKernelsGiveEqualNumbers(stride: Int) {
        var generator = SystemRandomNumberGenerator()
        let rows = (0..<70 * stride).map { _ in Int8.random(in: -127...127, using: &generator) }
        let extremes = [Int8](repeating: -127, count: stride) + [Int8](repeating: 127, count: stride)
        let scales = (0..<72).map { _ in Float.random(in: 0...1, using: &generator) }
        for query in [Array(rows[..<stride]), [Int8](repeating: -127, count: stride), [Int8](repeating: 127, count: stride)] {
            let results = [VectorKernel.portable, .best].map { kernel in
                var out = [Float](repeating: 0, count: 72)
                kernel.scan(rows: rows + extremes, scales: scales, count: 72, stride: stride, query: query, into: &out)
                return out
            }
            #expect(results[0] == results[1])
            let exact = zip(rows, query).reduce(0) { $0 + Int($1.0) * Int($1.1) }
            #expect(results[0][0] == Float(exact) * scales[0])
        }
    }

    @Test func halfPrecisionRoundsAndBothKernelsAgree() {
        let numbers: [Float] = [0, 1, -1, 0.5, 65504, 0.1, 6e-8, 3.0e-5, 1 / 3, -0.000_123, 2048.5, 1e-9]
        let back = VectorKernel.widened(VectorKernel.halved(numbers)[...])
        for (number, back) in zip(numbers, back) { #expect(abs(number - back) <= max(abs(number) / 2048, 3e-8), "\(number)") }
        #expect(Array(back[..<5]) == Array(numbers[..<5]))
        #expect(VectorKernel.widened(VectorKernel.halved([.infinity, 1e9])[...]) == [.infinity, .infinity])
        let query = (0..<384).map { Float($0 % 17) / 17 - 0.5 }
        let half = VectorKernel.halved(query.reversed())
        #expect(VectorKernel.portable.dot(half: half, query, length: 384) == VectorKernel.best.dot(half: half, query, length: 384))
    }
}
