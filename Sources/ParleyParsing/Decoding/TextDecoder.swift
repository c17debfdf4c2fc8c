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
        guard bytes.contains(0) else { return narrow(bytes, declared, isWhole) }
        let (rest, zeros) = withoutZeros(bytes)
        let decoded = narrow(rest, declared, isWhole)
        let note = zeros == 1 ? "One NUL character was left out." : "\(zeros) NUL characters were left out."
        return DecodedText(
            text: decoded.text, charset: decoded.charset, warning: [decoded.warning, note].compactMap(\.self).joined(separator: " "))
    }

    private static func narrow(_ all: [UInt8], _ declared: String?, _ isWhole: Bool) -> DecodedText {
        let bytes = all.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(all.dropFirst(3)) : all
        if bytes.contains(0x1B), CharsetDetector.isISO2022JP(bytes) { return guessed(bytes, UTF8Reading([])) }
        let reading = UTF8Reading(isWhole ? bytes[...] : withoutCutCharacter(bytes))
        if reading.isEvident { return utf8(reading) }
        if let declared = declared.map(CharsetName.canonical), declared != "utf-8", let trusted = trusted(bytes, declared) {
            return trusted
        }
        return reading.isCredible ? utf8(reading) : guessed(bytes, reading)
    }

    /// By what the bytes read like; a few that read like nothing are damage to what is plain otherwise.
    private static func guessed(_ bytes: [UInt8], _ reading: UTF8Reading) -> DecodedText {
        let guess = CharsetDetector.guess(bytes)
        if !guess.isLikely, reading.losses > 0, reading.losses * 50 <= bytes.count { return utf8(reading) }
        let (text, losses) = CharsetConverter.decode(bytes, from: guess.charset)
        return DecodedText(text: text, charset: guess.charset, warning: warning(guess, losses))
    }

    private static func utf8(_ reading: UTF8Reading) -> DecodedText {
        DecodedText(text: reading.text, charset: "utf-8", warning: lost(reading.losses, "UTF-8"))
    }

    private static func warning(_ guess: CharsetDetector.Guess, _ losses: Int) -> String? {
        if !guess.isSure {
            return "The text's encoding could not be told; it was read as \(guess.charset). Save it as UTF-8 if characters look wrong."
        }
        return lost(losses, guess.charset)
    }

    private static func lost(_ count: Int, _ charset: String) -> String? {
        switch count {
        case 0: nil
        case 1: "The text was read as \(charset); one character could not be read and stands as \u{FFFD}."
        default: "The text was read as \(charset); \(count) characters could not be read and stand as \u{FFFD}."
        }
    }

    private static func byMark(_ bytes: [UInt8]) -> DecodedText? {
        let marks: [([UInt8], String)] = [
            ([0xFF, 0xFE, 0, 0], "utf-32le"), ([0, 0, 0xFE, 0xFF], "utf-32be"), ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
        ]
        guard let (mark, charset) = marks.first(where: { bytes.starts(with: $0.0) }) else { return nil }
        return wideText(Array(bytes.dropFirst(mark.count)), charset)
    }

    private static func wideText(_ bytes: [UInt8], _ charset: String) -> DecodedText {
        let text =
            switch charset {
            case "utf-16le": String(decoding: units16(bytes, low: 0, high: 1), as: UTF16.self)
            case "utf-16be": String(decoding: units16(bytes, low: 1, high: 0), as: UTF16.self)
            case "utf-32le": utf32(bytes, order: [0, 1, 2, 3])
            default: utf32(bytes, order: [3, 2, 1, 0])
            }
        let losses = text.unicodeScalars.reduce(0) { $0 + ($1 == "\u{FFFD}" ? 1 : 0) }
        return DecodedText(text: text, charset: charset, warning: lost(losses, charset.uppercased()))
    }

    /// Zeros at the end are room that was never written; those of a text without line ends part its entries; others stand where nothing
    /// should.
    private static func withoutZeros(_ bytes: [UInt8]) -> ([UInt8], count: Int) {
        let written = bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
        let zeros = written.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
        let parts = zeros > 1 && !written.contains(0x0A)
        return (parts ? written.map { $0 == 0 ? 0x0A : $0 } : written.filter { $0 != 0 }, bytes.count - written.count + zeros)
    }

    /// Without the last bytes where they begin a character of UTF-8.
    private static func withoutCutCharacter(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard let lead = bytes.indices.suffix(3).last(where: { bytes[$0] & 0xC0 != 0x80 }) else { return bytes[...] }
        let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : bytes[lead] >= 0xC0 ? 2 : 1
        return lead + length > bytes.count ? bytes[..<lead] : bytes[...]
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

    /// The text in its declared encoding, unless more than one byte in two hundred does not fit.
    private static func trusted(_ bytes: [UInt8], _ charset: String) -> DecodedText? {
        guard CharsetConverter.knows(charset) else { return nil }
        let (text, losses) = CharsetConverter.decode(bytes, from: charset)
        guard losses * 200 <= bytes.count else { return nil }
        return DecodedText(text: text, charset: charset, warning: lost(losses, charset))
    }
}
