/// A part of a text, without white space around it. Offsets count scalars of that text.
struct TextPart {
    let text: String
    let from: Int
    let to: Int

    func moved(by offset: Int) -> TextPart { TextPart(text: text, from: from + offset, to: to + offset) }
}

/// Where a text can be divided.
enum TextParts {
    enum Border { case blankLines, lines, sentences, words }

    static func split(_ text: String, at border: Border) -> [TextPart] {
        let scalars = Array(text.unicodeScalars)
        var parts: [TextPart] = []
        var start = 0
        for index in scalars.indices where ends(scalars, index, border) {
            append(scalars, start, index + 1, &parts)
            start = index + 1
        }
        append(scalars, start, scalars.count, &parts)
        return parts
    }

    /// True when a part may end after the scalar at `index`.
    private static func ends(_ scalars: [Unicode.Scalar], _ index: Int, _ border: Border) -> Bool {
        let scalar = scalars[index]
        return switch border {
        case .lines: scalar == "\n"
        case .blankLines: scalar == "\n" && index > 0 && scalars[index - 1] == "\n"
        case .words: scalar.properties.isWhitespace || LineJoiner.isWide(scalar)
        case .sentences: SentenceBorder.isAfter(scalars, index)
        }
    }

    private static func append(_ scalars: [Unicode.Scalar], _ start: Int, _ end: Int, _ parts: inout [TextPart]) {
        var (start, end) = (start, end)
        while start < end, scalars[start].properties.isWhitespace, scalars[start] != " " || !isIndent(scalars, start) { start += 1 }
        while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
        guard start < end else { return }
        parts.append(TextPart(text: String(String.UnicodeScalarView(scalars[start..<end])), from: start, to: end))
    }

    /// Space that indents a line, as code has it.
    private static func isIndent(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        index > 0 && scalars[index - 1] == "\n" && index + 1 < scalars.count && scalars[index + 1] == " "
    }
}

/// Tells where sentences end.
enum SentenceBorder {
    private static let abbreviations: Set<String> = [
        "al", "approx", "ca", "cf", "ch", "dept", "dr", "e.g", "ed", "eds", "eq", "eqs", "et", "etc", "fig", "figs", "i.e", "inc", "jr",
        "ltd", "mr",
        "mrs", "ms", "no", "nos", "p", "pp", "prof", "ref", "refs", "sec", "sr", "st", "tab", "vol", "vs", "z.b", "bzw", "usw", "nr", "abb",
    ]

    /// Of scripts without spaces: Chinese and Japanese, Khmer, Burmese, Tibetan.
    private static let endings = Set("。！？｡។៕။༎".unicodeScalars)
    /// Those that a space follows, of Devanagari, Urdu, Arabic, Ethiopic and Armenian too.
    private static let spacedEndings = Set("!?…।॥۔؟።։".unicodeScalars)

    /// True when a sentence ends with the scalar at `index`.
    static func isAfter(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        let scalar = scalars[index]
        if endings.contains(scalar) { return true }
        guard scalar.properties.isWhitespace, index > 0, index + 1 < scalars.count else { return false }
        var end = index - 1
        while end > 0, "\"'”’)]»".unicodeScalars.contains(scalars[end]) { end -= 1 }
        let mark = scalars[end]
        if spacedEndings.contains(mark) { return true }
        guard mark == "." else { return false }
        let next = scalars[index + 1]
        if next.properties.isLowercase || next == "," || next == ";" { return false }
        return !isAbbreviation(scalars, before: end)
    }

    private static func isAbbreviation(_ scalars: [Unicode.Scalar], before dot: Int) -> Bool {
        var start = dot
        while start > 0, dot - start < 12, !scalars[start - 1].properties.isWhitespace, scalars[start - 1] != "(" { start -= 1 }
        let word = String(String.UnicodeScalarView(scalars[start..<dot]))
        if word.count == 1, let letter = word.first, letter.isUppercase { return true }
        return abbreviations.contains(word.lowercased())
    }
}
