// What script/lint-traps finds, and what it leaves alone: each line that can trap says so.
struct Numbers {
    var long: UInt64, byte: UInt8, fraction: Double, small: Float
    static let most = 3
    static let names = ["one", "two"]
}

func converts(_ all: Numbers, _ number: Int, _ byte: UInt8) {
    _ = Int(all.fraction)  // traps
    _ = Int64(all.small)  // traps
    _ = UInt8(all.fraction.rounded())  // traps
    _ = [all.fraction].map(Int.init)  // traps
    _ = UInt16(number)  // traps
    _ = Int32(number)  // traps
    _ = UInt64(number)  // traps
    _ = [number].map(Int32.init)  // traps
    _ = Int(all.long)  // traps
    let _: Int8 = .init(number)  // traps
    _ = UInt64(all.byte)
    _ = Int(all.byte)
    _ = Int(byte)
    _ = UInt8(number & 0xFF)
    _ = UInt8(number & 0x1FF)  // traps
    _ = UInt64(3)
    _ = UInt64(Numbers.names.count)
    _ = Int32(MemoryLayout<Numbers>.size)
    _ = Int(exactly: all.fraction)
    _ = UInt8(clamping: number)
    _ = UInt8(truncatingIfNeeded: number)
}

func computes(_ all: Numbers, _ number: Int, _ time: Duration, _ text: String) {
    _ = abs(number)  // traps
    _ = number.magnitude
    _ = number / number  // traps
    _ = number % number  // traps
    _ = number / 2
    _ = number / max(1, number)
    _ = number / Numbers.most
    _ = all.fraction / all.fraction
    _ = Duration.seconds(all.fraction)  // traps
    let _: Duration = .milliseconds(all.fraction)  // traps
    _ = time * number  // traps
    _ = time / all.fraction  // traps
    _ = Duration.seconds(number)
    _ = time * 2
    if min(time * 2, time) < time * 1.5 { return }
    _ = time * (1 << number)  // traps
    _ = time * (2 * all.fraction)  // traps
    _ = time / time
    _ = text.prefix(number)  // traps
    _ = text.suffix(number)  // traps
    _ = text.dropFirst(number)  // traps
    _ = text.dropLast(number)  // traps
    _ = text.prefix(3) + text.prefix(text.count) + text.prefix(Numbers.most) + text.prefix(max(0, number)) + text.dropFirst()
    _ = [Int](repeating: 0, count: 9 - number)  // traps
    _ = [Int](repeating: 0, count: 3) + Array<Int>(repeating: 0, count: 3)
    _ = String(repeating: "-", count: 9 - number)  // traps
    _ = String(repeating: "-", count: text.count)
    _ = stride(from: 0, to: 9, by: number)  // traps
    _ = stride(from: 0, to: 9, by: 2)
    _ = text.index(text.startIndex, offsetBy: number)  // traps
    _ = text.index(text.startIndex, offsetBy: number, limitedBy: text.endIndex)
    _ = Dictionary(uniqueKeysWithValues: [(number, number)])  // traps
    _ = Character(text)  // traps
}

func ends(_ number: Int) {
    precondition(number > 1)  // traps
    assert(number > 1)  // traps
    if number == 3 { assertionFailure() }  // traps
    if number == 4 { preconditionFailure() }  // traps
    if number == 5 { fatalError() }  // traps
}

func converts<Whole: BinaryInteger>(_ fraction: Double, _ number: Int) -> [Whole] {
    [Whole(fraction)]  // traps
        + [Whole(number)]  // traps
        + [Whole(exactly: fraction) ?? 0, Whole(clamping: number)]
}
