/// What one line of Markdown is, looked at alone.
struct MarkdownLine {
    /// Columns of white space before the text; a tab goes to the next multiple of four.
    private(set) var indent: Int
    /// Without leading and trailing white space.
    let text: Substring
    /// Whether the author broke the line: blanks or a backslash at its end say so.
    let isBroken: Bool

    init(_ line: Substring, at column: Int = 0) {
        var indent = column
        var rest = line
        while let first = rest.utf8.first, first == 0x20 || first == 0x09 {
            indent += first == 0x09 ? 4 - indent % 4 : 1
            rest = rest.dropFirst()
        }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
        isBroken = line.hasSuffix("  ") || rest.utf8.last == 0x5C
        (self.indent, text) = (indent, rest)
    }

    /// The same line as it stands within a container that begins at this column.
    func within(_ column: Int) -> MarkdownLine {
        var line = self
        line.indent = max(0, indent - column)
        return line
    }

    /// Its text as part of a paragraph.
    var prose: Substring { isBroken ? (text.utf8.last == 0x5C ? text.dropLast() : text) + String(MarkdownInline.lineBreak) : text }

    /// A line of code without so many columns of its indentation.
    static func unindented(_ raw: Substring, by columns: Int) -> Substring {
        var (column, rest) = (0, raw)
        while column < columns, let first = rest.utf8.first, first == 0x20 || first == 0x09 {
            column += first == 0x09 ? 4 - column % 4 : 1
            rest = rest.dropFirst()
        }
        return rest
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

    /// A list item's mark as it is to stand in the text, what follows it, and how many columns behind the mark's first it stands.
    var item: (marker: String, body: Substring, width: Int)? {
        guard let item = listItem else { return nil }
        let width = text.utf8.count - item.body.utf8.count
        let marker = text.utf8.prefix { $0 != 0x20 && $0 != 0x09 }.count
        // Nothing behind the mark, or code set in below it.
        return (item.marker, item.body, item.body.isEmpty || width > marker + 4 ? marker + 1 : width)
    }

    /// The number of an ordered list's item.
    var itemNumber: Int? {
        Int(text.utf8.prefix { (0x30...0x39).contains($0) }.reduce(into: "") { $0.unicodeScalars.append(Unicode.Scalar($1)) })
    }

    private var listItem: (marker: String, body: Substring)? {
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

    /// Whether a block of HTML begins here: a document type, or the tag of an element that is a block.
    func beginsHTML(_ names: MarkdownNames) -> Bool {
        guard indent < 4, text.utf8.first == 0x3C else { return false }
        if text.prefix(9).lowercased() == "<!doctype" || text.hasPrefix("<!--") { return true }
        guard let tag = MarkdownTag(Array(text.unicodeScalars.prefix(4000)), at: 0), tag.isMarkup(names) else { return false }
        return tag.name != "title" && HTMLElements.block.contains(tag.name) || Self.htmlOpeners.contains(tag.name)
    }

    private static let htmlOpeners: Set<String> = ["script", "style", "img", "br", "source", "picture"]

    /// The element whose end alone ends its block, whatever blank lines stand in it.
    func opensVerbatim(_ names: MarkdownNames) -> String? {
        let name = text.dropFirst().prefix(8).prefix { $0.isLetter }.lowercased()
        return ["pre", "script", "style", "textarea"].contains(name) && names.closes(name) ? name : nil
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
