/// A text made of bytes.
struct DecodedText: Sendable, Hashable {
    let text: String
    /// The encoding's usual name in lower case, e.g. `utf-8`, `windows-1252`.
    let charset: String
    /// A sentence when characters were lost or the encoding is a guess.
    let warning: String?
}

/// Turns bytes in any encoding into text; never fails.
enum TextDecoder {
    /// - Parameters:
    ///   - declared: what the file says of itself (HTML `meta`, XML declaration); believed when the bytes agree.
    ///   - isWhole: false for a sample that may end within a character.
    static func decode(_ bytes: [UInt8], declared: String? = nil, isWhole: Bool = true) -> DecodedText {
        if let marked = byMark(bytes) { return marked }
        if let wide = CharsetDetector.wideEncoding(bytes) { return wideText(bytes, wide) }
        if let text = utf8(bytes, isWhole: isWhole) { return DecodedText(text: text, charset: "utf-8", warning: nil) }
        if let declared = declared.map(CharsetName.canonical), let text = trusted(bytes, declared) {
            return DecodedText(text: text, charset: declared, warning: nil)
        }
        let guess = CharsetDetector.guess(bytes)
        let (text, losses) = CharsetConverter.decode(bytes, from: guess.charset)
        return DecodedText(text: text, charset: guess.charset, warning: warning(guess, losses))
    }

    private static func warning(_ guess: CharsetDetector.Guess, _ losses: Int) -> String? {
        if !guess.isSure {
            return "The text's encoding could not be told; it was read as \(guess.charset). Save it as UTF-8 if characters look wrong."
        }
        if losses > 0 { return "The text was read as \(guess.charset); \(losses) characters could not be read." }
        return nil
    }

    private static func byMark(_ bytes: [UInt8]) -> DecodedText? {
        let marks: [([UInt8], String)] = [
            ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32le"), ([0, 0, 0xFE, 0xFF], "utf-32be"),
            ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
        ]
        guard let (mark, charset) = marks.first(where: { bytes.starts(with: $0.0) }) else { return nil }
        return wideText(Array(bytes.dropFirst(mark.count)), charset)
    }

    private static func wideText(_ bytes: [UInt8], _ charset: String) -> DecodedText {
        switch charset {
        case "utf-16le":
            DecodedText(text: String(decoding: units16(bytes, low: 0, high: 1), as: UTF16.self), charset: charset, warning: nil)
        case "utf-16be":
            DecodedText(text: String(decoding: units16(bytes, low: 1, high: 0), as: UTF16.self), charset: charset, warning: nil)
        case "utf-32le": DecodedText(text: utf32(bytes, order: [0, 1, 2, 3]), charset: charset, warning: nil)
        case "utf-32be": DecodedText(text: utf32(bytes, order: [3, 2, 1, 0]), charset: charset, warning: nil)
        default: DecodedText(text: String(decoding: bytes, as: UTF8.self), charset: charset, warning: nil)
        }
    }

    private static func units16(_ bytes: [UInt8], low: Int, high: Int) -> [UInt16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + high]) << 8 }
    }

    private static func utf32(_ bytes: [UInt8], order: [Int]) -> String {
        var scalars = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count - 3, by: 4) {
            let value = order.enumerated().reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1.element]) << UInt32(8 * $1.offset) }
            scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        return String(scalars)
    }

    private static func utf8(_ bytes: [UInt8], isWhole: Bool) -> String? {
        if bytes.contains(0x1B), CharsetDetector.isISO2022JP(bytes) { return nil }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        guard !isWhole else { return nil }
        return (1...3).lazy.compactMap { String(validating: bytes.dropLast($0), as: UTF8.self) }.first
    }

    /// The text in its declared encoding, unless more than one byte in two hundred does not fit.
    private static func trusted(_ bytes: [UInt8], _ charset: String) -> String? {
        guard CharsetConverter.knows(charset) else { return nil }
        let (text, losses) = CharsetConverter.decode(bytes, from: charset)
        return losses * 200 <= bytes.count ? text : nil
    }
}
