/// Puts right what fonts of PDF files bring into the text.
enum PDFGlyphs {
    private static let letters: [Unicode.Scalar: String] = [
        "\u{FB00}": "ff", "\u{FB01}": "fi", "\u{FB02}": "fl", "\u{FB03}": "ffi", "\u{FB04}": "ffl", "\u{FB05}": "st", "\u{FB06}": "st",
    ]

    /// Joined letters apart; signs without a meaning (private or unassigned) that stand alone are bullets, others say nothing.
    static func clean(_ word: String) -> String {
        guard word.unicodeScalars.contains(where: { letters[$0] != nil || isPrivate($0) }) else { return word }
        if word.unicodeScalars.allSatisfy(isPrivate) { return "•" }
        return word.unicodeScalars.filter { !isPrivate($0) }.map { letters[$0] ?? String(Character($0)) }.joined()
    }

    private static func isPrivate(_ scalar: Unicode.Scalar) -> Bool {
        (0xE000...0xF8FF).contains(scalar.value) || scalar.value >= 0x40000
    }

    /// A row of dots that leads to a page number becomes one ellipsis.
    static func withoutLeaders(_ line: String) -> String {
        guard line.contains("....") || line.contains(". . .") else { return line }
        var result = ""
        var run = ""
        func ended(_ run: String) -> String { run.filter { $0 == "." }.count > 3 ? " … " : run }
        for character in line {
            if character == "." || character == " " {
                run.append(character)
            } else {
                result += ended(run)
                result.append(character)
                run = ""
            }
        }
        return TextCleaner.line(result + ended(run))
    }
}
