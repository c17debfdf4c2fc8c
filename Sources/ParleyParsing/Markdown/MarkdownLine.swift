/// What one line of Markdown is, looked at alone.
struct MarkdownLine {
    /// Columns of white space before the text; a tab goes to the next multiple of four.
    let indent: Int
    /// Without leading and trailing white space.
    let text: Substring

    init(_ line: Substring) {
        var indent = 0
        var rest = line
        while let first = rest.utf8.first, first == 0x20 || first == 0x09 {
            indent += first == 0x09 ? 4 - indent % 4 : 1
            rest = rest.dropFirst()
        }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
        (self.indent, text) = (indent, rest)
    }

    var isBlank: Bool { text.isEmpty }

    /// Level and text of `## Heading ##`.
    var heading: (level: Int, text: Substring)? {
        let level = text.utf8.prefix(7).prefix { $0 == 0x23 }.count
        guard indent < 4, (1...6).contains(level) else { return nil }
        let rest = text.dropFirst(level)
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        var body = Substring(rest.drop { $0 == " " || $0 == "\t" })
        let trimmed = body.reversed().drop { $0 == "#" }
        if trimmed.count < body.count, trimmed.first == " " || trimmed.isEmpty { body = body.prefix(trimmed.count) }
        return (level, body)
    }

    /// The mark and length of a code fence.
    var fence: (mark: UInt8, length: Int)? {
        guard indent < 4, let mark = text.utf8.first, mark == 0x60 || mark == 0x7E else { return nil }
        let length = text.utf8.prefix { $0 == mark }.count
        guard length >= 3, mark == 0x7E || !text.utf8.dropFirst(length).contains(mark) else { return nil }
        return (mark, length)
    }

    /// The level that a line of `=` or `-` gives the text above it.
    var underline: Int? {
        guard indent < 4, let first = text.utf8.first, first == 0x3D || first == 0x2D, text.utf8.allSatisfy({ $0 == first }) else {
            return nil
        }
        return first == 0x3D ? 1 : 2
    }

    var isRule: Bool {
        guard indent < 4, let first = text.utf8.first, first == 0x2D || first == 0x2A || first == 0x5F else { return false }
        return text.utf8.allSatisfy { $0 == first || $0 == 0x20 || $0 == 0x09 }
            && text.utf8.lazy.filter { $0 == first }.prefix(3).count >= 3
    }

    /// A list item's mark as it is to stand in the text, and what follows it.
    var listItem: (marker: String, body: Substring)? {
        guard let first = text.utf8.first else { return nil }
        if first == 0x2D || first == 0x2A || first == 0x2B {
            let rest = text.dropFirst()
            return rest.isEmpty || rest.first == " " || rest.first == "\t" ? ("- ", rest.drop { $0 == " " || $0 == "\t" }) : nil
        }
        let digits = text.utf8.prefix(10).prefix { (0x30...0x39).contains($0) }.count
        guard (1...9).contains(digits) else { return nil }
        let rest = text.dropFirst(digits)
        guard let sign = rest.first, sign == "." || sign == ")", rest.dropFirst().first.map({ $0 == " " }) ?? true else { return nil }
        return (text.prefix(digits) + ". ", rest.dropFirst().drop { $0 == " " })
    }

    /// `| --- | :-: |`
    var isTableRule: Bool {
        text.utf8.contains(0x2D) && (text.utf8.contains(0x7C)) && text.utf8.allSatisfy { [0x7C, 0x2D, 0x3A, 0x20, 0x09].contains($0) }
    }

    /// `[name]: address`, and the beginning of an HTML block.
    var isReferenceDefinition: Bool {
        guard indent < 4, text.first == "[", text.dropFirst().first != "^" else { return false }
        return text.prefix(300).firstRange(of: "]: ") != nil && text.prefix(300).firstRange(of: "](") == nil
    }
    var beginsHTML: Bool {
        guard indent < 4, text.utf8.first == 0x3C, let next = text.utf8.dropFirst().first else { return false }
        guard next == 0x21 || next == 0x3F || next == 0x2F || (0x41...0x5A).contains(next & 0xDF) else { return false }
        let name = text.dropFirst().drop { $0 == "/" }.prefix(20).prefix { $0.isLetter || $0.isNumber }.lowercased()
        return next == 0x21 || next == 0x3F || HTMLElements.block.contains(name)
            || ["script", "style", "img", "br", "source", "picture"].contains(name)
    }

    /// The cells of a table row: split at `|` that is neither escaped nor in code.
    static func cells(_ text: Substring) -> [String] {
        var cells: [String] = []
        var current = ""
        var isEscaped = false
        var inCode = false
        for character in text {
            if character == "`" && !isEscaped { inCode.toggle() }
            if character == "|" && !isEscaped && !inCode {
                cells.append(current)
                current = ""
            } else {
                current.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        cells.append(current)
        if text.first == "|" { cells.removeFirst() }
        if text.last == "|" && !cells.isEmpty { cells.removeLast() }
        return cells
    }
}
