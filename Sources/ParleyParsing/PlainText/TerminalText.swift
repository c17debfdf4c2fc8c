/// Takes what is meant for terminals out of a text: escape sequences that colour it, and letters struck over to print them bold or
/// underlined.
enum TerminalText {
    private static let (escape, backspace): (UInt8, UInt8) = (0x1B, 0x08)

    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == escape || $0 == backspace }) else { return text }
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case escape: index = end(ofSequence: index, bytes)
            case backspace:
                // The letter before it is printed once more, or is the underscore below the next one.
                while let last = result.popLast(), last & 0xC0 == 0x80 {}
                index += 1
            default:
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The place after the sequence (ECMA-48): `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one sign.
    private static func end(ofSequence start: Int, _ bytes: [UInt8]) -> Int {
        guard start + 1 < bytes.count else { return bytes.count }
        let body = bytes[(start + 2)...].prefix(longest)
        switch bytes[start + 1] {
        case UInt8(ascii: "["):
            let last = body.firstIndex { !(0x20...0x3F).contains($0) }
            return last.map { (0x40...0x7E).contains(bytes[$0]) ? $0 + 1 : $0 } ?? body.endIndex
        case UInt8(ascii: "]"): return body.firstIndex { $0 == 0x07 || $0 == 0x0A }.map { bytes[$0] == 0x07 ? $0 + 1 : $0 } ?? body.endIndex
        default: return start + 2
        }
    }

    /// Bytes of a sequence; one that is not ended is none.
    private static let longest = 256
}
