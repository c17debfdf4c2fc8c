/// Finds the encoding of bytes that are not UTF-8 by what decodes without loss and reads like a script.
enum CharsetDetector {
    struct Guess: Sendable, Hashable {
        let charset: String
        /// False when nothing scored well.
        let isSure: Bool
    }

    private static let candidates = [
        "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "windows-1252", "windows-1250", "windows-1251", "koi8-r", "ibm866",
        "windows-1253",
        "windows-1254", "windows-1255", "windows-1256",
    ]
    private static let sampleSize = 24_000

    static func guess(_ bytes: [UInt8]) -> Guess {
        if isISO2022JP(bytes) { return Guess(charset: "iso-2022-jp", isSure: true) }
        let sample = telling(bytes)
        let scores = candidates.map { charset -> (charset: String, score: Double) in
            let (text, losses) = CharsetConverter.decode(sample, from: charset)
            return (charset, ScriptScore.score(text) - Double(losses) * 20 / Double(max(sample.count, 1)))
        }
        guard let best = scores.max(by: { $0.score < $1.score }), best.score > 0.25 else {
            return Guess(charset: "windows-1252", isSure: false)
        }
        return Guess(charset: best.charset, isSure: true)
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
        guard sample.count >= 4, sample.contains(0) else { return nil }
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

    /// False for bytes that no text has: zeros outside of a wide encoding, or many control characters.
    static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF]]
        if marks.contains(where: { bytes.starts(with: $0) }) || wideEncoding(bytes) != nil { return true }
        let sample = bytes.prefix(1 << 16)
        let odd = sample.reduce(0) { $0 + (isControl($1) ? 1 : 0) }
        let zeros = sample.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        return odd * 50 <= sample.count && zeros * 500 <= sample.count
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B || byte == 0x7F
    }
}
