import ParleyCore
import Testing

@Suite struct CheckedNumbersTests {
    @Test func whatLiesBeyondIsTheLastThereIs() {
        #expect(Int64.max.addingClamped(1) == .max && Int64.min.addingClamped(-1) == .min && 1.addingClamped(2) == 3)
        #expect(Int64.min.subtractingClamped(1) == .min && Int64.max.subtractingClamped(-1) == .max && 1.subtractingClamped(2) == -1)
        #expect(UInt8(1).subtractingClamped(2) == 0 && UInt8(255).addingClamped(2) == 255)
        #expect(
            Int64.max.multipliedClamped(by: -2) == .min && Int64.min.multipliedClamped(by: -1) == .max && 3.multipliedClamped(by: 4) == 12)
    }

    @Test(
        arguments: [
            (1.5, 2), (-1.5, -2), (.nan, 0), (.infinity, .max), (-.infinity, .min), (1e300, .max), (-0x1p63, .min), (0x1p63, .max),
        ] as [(Double, Int64)])
    func aFractionBecomesTheNearestNumber(_ fraction: Double, _ number: Int64) { #expect(Int64(rounding: fraction) == number) }
}
