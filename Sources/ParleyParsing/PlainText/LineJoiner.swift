/// Joins the lines of a hard-wrapped paragraph. A hyphen at a line's end goes when the rest of the document shows the word
/// without it, or does not show it at all; it stays when the document writes the compound elsewhere.
struct LineJoiner {
    private let words: Set<String>

    init(words: Set<String> = []) { self.words = words }

    /// The words of lines, in lower case, compounds with their hyphens.
    init(learning lines: some Sequence<String>) {
        var words: Set<String> = []
        for line in lines {
            for word in line.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "-" }) where word.utf8.count < 60 {
                words.insert(String(word))
            }
        }
        self.words = words
    }

    func join(_ lines: some Sequence<String>) -> String {
        var result = ""
        var last = ""
        for line in lines {
            if !last.isEmpty {
                let seam = seam(last, line)
                result += seam.dropsHyphen ? String(last.unicodeScalars.dropLast()) : last
                result += seam.glue
            }
            last = line
        }
        return result + last
    }

    /// How one line meets the next.
    func seam(_ first: String, _ second: String) -> (dropsHyphen: Bool, glue: String) {
        guard let last = first.unicodeScalars.last, let next = second.unicodeScalars.first else { return (false, "") }
        if last == "\u{AD}" { return (true, "") }
        if last == "-" || last == "\u{2010}" {
            guard next.properties.isLowercase, let before = first.unicodeScalars.dropLast().last, before.properties.isAlphabetic
            else { return (false, before(first) == " " ? " " : "") }
            return (!keepsHyphen(first, second), "")
        }
        return (false, Self.isWide(last) && Self.isWide(next) ? "" : " ")
    }

    /// Scalars of a word that are looked at; a whole text may be one run of letters.
    private static let longestWord = 60

    private func before(_ text: String) -> Unicode.Scalar? { text.unicodeScalars.dropLast().last }

    private func keepsHyphen(_ first: String, _ second: String) -> Bool {
        let head = String(
            String.UnicodeScalarView(
                first.unicodeScalars.dropLast().suffix(Self.longestWord).reversed().prefix { $0.properties.isAlphabetic || $0 == "-" }
                    .reversed())
        ).lowercased()
        let tail = String(
            String.UnicodeScalarView(second.unicodeScalars.prefix(Self.longestWord).prefix { $0.properties.isAlphabetic || $0 == "-" })
        ).lowercased()
        if words.contains(head + tail) { return false }
        return words.contains(head + "-" + tail) || head.contains("-")
    }

    /// Scripts written without spaces between words.
    static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3000...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xFF00...0xFF60, 0x20000...0x3FFFF: true
        default: false
        }
    }
}

extension LineJoiner {
    /// Joins lines whose ends are the author's, so that a hyphen stays.
    func joinKeepingHyphens(_ lines: [String]) -> String {
        var result = ""
        for line in lines {
            if let last = result.unicodeScalars.last, let next = line.unicodeScalars.first {
                result += Self.isWide(last) && Self.isWide(next) ? "" : " "
            }
            result += line
        }
        return result
    }
}
