/// Words of a header in another encoding than ASCII (RFC 2047): `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=`.
enum EncodedWords {
    /// The text of a header's value, whose bytes may also stand for themselves.
    static func text(_ value: [UInt8]) -> String {
        var result = ""
        var waiting: (charset: String, bytes: [UInt8])?
        var (plain, place) = (value.startIndex, value.startIndex)
        func decoded() -> String { waiting.map { TextDecoder.decode($0.bytes, declared: $0.charset).text } ?? "" }
        while place < value.endIndex {
            guard value[place] == UInt8(ascii: "="), let word = word(value[place...]) else {
                place += 1
                continue
            }
            let between = value[plain..<place]
            // Blanks between two encoded words are none, and a letter's bytes may stand in both.
            if waiting != nil, between.allSatisfy({ $0 == 0x20 || $0 == 0x09 }), waiting?.charset == word.charset {
                waiting?.bytes += word.bytes
            } else {
                let isApart = waiting == nil || !between.allSatisfy { $0 == 0x20 || $0 == 0x09 }
                result += decoded() + (isApart ? TextDecoder.decode(Array(between)).text : "")
                waiting = (word.charset, word.bytes)
            }
            (plain, place) = (word.end, word.end)
        }
        result += decoded()
        let rest = Array(value[plain...])
        return TextCleaner.line(result + (rest.isEmpty ? "" : TextDecoder.decode(rest).text))
    }

    /// Bytes of one word; longer ones are none (RFC 2047 allows 75).
    private static let longest = 1000

    private static func word(_ bytes: ArraySlice<UInt8>) -> (charset: String, bytes: [UInt8], end: Int)? {
        let mark = UInt8(ascii: "?")
        guard bytes.dropFirst().first == mark else { return nil }
        let body = bytes.dropFirst(2).prefix(longest)
        guard let first = body.firstIndex(of: mark), let second = body[(first + 1)...].firstIndex(of: mark),
            let third = body[(second + 1)...].firstIndex(of: mark), third + 1 < body.endIndex, body[third + 1] == UInt8(ascii: "="),
            second == first + 2
        else { return nil }
        let charset = body[..<first].prefix { $0 != UInt8(ascii: "*") }
        let text = body[(second + 1)..<third]
        switch body[first + 1] | 0x20 {
        case UInt8(ascii: "b"):
            return (String(decoding: charset, as: UTF8.self).lowercased(), TransferDecoding.base64(text), third + 2)
        case UInt8(ascii: "q"):
            let blanks = text.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }
            return (String(decoding: charset, as: UTF8.self).lowercased(), TransferDecoding.quotedPrintable(blanks[...]), third + 2)
        default: return nil
        }
    }
}
