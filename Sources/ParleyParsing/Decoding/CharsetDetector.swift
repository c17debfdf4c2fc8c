/// Finds the encoding of bytes that are not UTF-8 by what decodes without loss and reads like a script.
enum CharsetDetector {
    struct Guess: Sendable, Hashable {
        let charset: String
        /// False when nothing scored well.
        let isLikely: Bool
        /// False when another encoding scored as well.
        let isSure: Bool
    }

    private static let candidates = [
        "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "windows-1252", "windows-1250", "windows-1251", "koi8-r", "ibm866",
        "windows-1253",
        "windows-1254", "windows-1255", "windows-1256",
    ]
    private static let sampleSize = 24_000
    /// Bytes above ASCII that leave little doubt.
    private static let telling = 8

    static func guess(_ bytes: [UInt8]) -> Guess {
        if isISO2022JP(bytes) { return Guess(charset: "iso-2022-jp", isLikely: true, isSure: true) }
        let sample = telling(bytes)
        let readings = candidates.map { charset -> (charset: String, text: String, score: Double) in
            let (text, losses) = CharsetConverter.decode(sample, from: charset)
            let bareness = charset.hasSuffix("jp") || charset == "shift_jis" ? withoutKana(text) : 0
            return (charset, text, ScriptScore.score(text) - bareness - Double(losses) * 20 / Double(max(sample.count, 1)))
        }
        guard let best = readings.max(by: { $0.score < $1.score }), best.score > 0.25 else {
            return Guess(charset: "windows-1252", isLikely: false, isSure: false)
        }
        let next = readings.lazy.filter { $0.text != best.text }.map(\.score).max() ?? 0
        let isLong = sample.lazy.filter { $0 >= 0x80 }.prefix(Self.telling).count == Self.telling
        return Guess(charset: best.charset, isLikely: true, isSure: isLong || best.score - next > 0.01)
    }

    /// What speaks against Japanese in a text of Chinese characters alone.
    private static func withoutKana(_ text: String) -> Double {
        text.unicodeScalars.contains { (0x3041...0x30FC).contains($0.value) } ? 0 : 0.2
    }

    /// The lines with bytes above ASCII, up to some size: the rest says nothing.
    private static func telling(_ bytes: [UInt8]) -> [UInt8] {
        var sample: [UInt8] = []
        for line in bytes.split(separator: 0x0A) where line.contains(where: { $0 >= 0x80 }) {
            sample.append(contentsOf: line.prefix(sampleSize))
            sample.append(0x0A)
            if sample.count >= sampleSize { break }
        }
        return sample
    }

    static func isISO2022JP(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(1 << 16)
        guard head.contains(0x1B) else { return false }
        let marks: [[UInt8]] = [[0x1B, 0x24, 0x42], [0x1B, 0x24, 0x40], [0x1B, 0x28, 0x4A]]
        return head.allSatisfy { $0 < 0x80 } && marks.contains { head.firstRange(of: $0) != nil }
    }

    /// UTF-16 or UTF-32 without a mark, told by where the zero bytes of spaces, line ends and ASCII stand.
    static func wideEncoding(_ bytes: [UInt8]) -> String? {
        let sample = bytes.prefix(4096)
        // A character such as U+4E00 has a zero where ASCII has none.
        let zeroCount = sample.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        if zeroCount * 5 < sample.count, let encoding = wideEncodingByScript(sample) { return encoding }
        guard sample.count >= 4, zeroCount > 0, !isNarrow(sample) else { return nil }
        var zeros = [0, 0, 0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index % 4] += 1 }
        let quarter = max(sample.count / 4, 1)
        let share = zeros.map { Double($0) / Double(quarter) }
        if share[2] > 0.9 && share[3] > 0.9 && share[0] < 0.1 { return "utf-32le" }
        if share[0] > 0.9 && share[1] > 0.9 && share[3] < 0.1 { return "utf-32be" }
        let even = share[0] + share[2]
        let odd = share[1] + share[3]
        if odd > 0.04 && even < odd / 10 { return "utf-16le" }
        if even > 0.04 && odd < even / 10 { return "utf-16be" }
        return nil
    }

    /// UTF-16 of a text with little ASCII, such as a line of Chinese: what is no text otherwise and reads like a script so.
    private static func wideEncodingByScript(_ sample: ArraySlice<UInt8>) -> String? {
        guard sample.count >= 8, sample.count.isMultiple(of: 2), sample.contains(where: isControl) || !UTF8Reading(sample).isCredible else {
            return nil
        }
        if isNarrow(sample) { return nil }
        return [("utf-16le", 0, 1), ("utf-16be", 1, 0)].first { _, low, high in
            let units = stride(from: sample.startIndex, to: sample.endIndex, by: 2).map {
                UInt16(sample[$0 + low]) | UInt16(sample[$0 + high]) << 8
            }
            return ScriptScore.score(String(decoding: units, as: UTF16.self)) >= 0.8
        }?.0
    }

    /// UTF-8 with a few zero bytes in it: without them it is text. Of a wide encoding half of ASCII's bytes are zero, and other scripts
    /// leave control characters.
    private static func isNarrow(_ sample: ArraySlice<UInt8>) -> Bool {
        let rest = sample.filter { $0 != 0 }
        let odd = rest.reduce(0) { $0 + (isControl($1) ? 1 : 0) }
        return (sample.count - rest.count) * 4 <= sample.count && odd * 50 <= rest.count && UTF8Reading(rest).isCredible
    }

    /// False for bytes that no text has: many zeros outside of a wide encoding, or many control characters.
    static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF]]
        if marks.contains(where: { bytes.starts(with: $0) }) || wideEncoding(bytes) != nil { return true }
        let sample = bytes.prefix(1 << 16)
        // What was made room for and never written.
        let written = sample.prefix((sample.lastIndex { $0 != 0 } ?? -1) + 1)
        let odd = written.reduce(0) { $0 + (isControl($1) && $1 != 0 ? 1 : 0) }
        let zeros = written.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        guard !written.isEmpty else { return false }
        let isUTF8 = UTF8Reading(written.filter { $0 != 0 }).isCredible
        return isUTF8
            ? odd * 20 <= max(written.count, 20) && zeros * 4 <= written.count : odd * 50 <= written.count && zeros * 500 <= written.count
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        // Terminals' escapes and the backspaces of struck-over letters are text.
        byte < 0x20 && !(0x08...0x0D).contains(byte) && byte != 0x1B || byte == 0x7F
    }
}
