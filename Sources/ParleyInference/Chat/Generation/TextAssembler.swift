/// Turns the bytes of tokens into text, holding back a character until all its bytes are there.
/// The pieces together equal the whole decoded at once.
struct TextAssembler {
    private var held: [UInt8] = []

    /// The characters that are whole by now.
    mutating func add(_ bytes: some Sequence<UInt8>) -> String {
        held.append(contentsOf: bytes)
        let whole = held.count - Self.unfinished(held)
        defer { held.removeFirst(whole) }
        return String(decoding: held[..<whole], as: UTF8.self)
    }

    /// What was held back: U+FFFD in place of a character that never became whole.
    mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// Bytes at the end that begin a character and lack the rest: at most three.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            switch byte {
            case 0x80..<0xC0: continue
            case 0xC0..<0xE0: return length < 2 ? length : 0
            case 0xE0..<0xF0: return length < 3 ? length : 0
            case 0xF0...: return length
            default: return 0
            }
        }
        return 0
    }
}
