/// A paragraph as it is collected.
struct DOCXParagraph {
    /// Text between page breaks; the first stands on the page the paragraph begins on.
    var pieces = [""]
    var style: String?
    var outlineLevel: Int?
    var numberingID: Int?
    var numberingLevel: Int?
    var notes: [String] = []

    mutating func append(_ text: String) { pieces[pieces.count - 1] += text }

    /// Puts brackets around what was written behind this many bytes of the last piece, when it is more than one word or number.
    mutating func bracket(from start: Int) {
        let piece = pieces[pieces.count - 1].utf8
        guard piece.count > start, case let body = String(decoding: piece.dropFirst(start), as: UTF8.self),
            body.contains(where: { !$0.isLetter && !$0.isNumber })
        else { return }
        pieces[pieces.count - 1] = String(decoding: piece.prefix(start), as: UTF8.self) + "(" + body + ")"
    }

    /// Bytes of the last piece.
    var length: Int { pieces[pieces.count - 1].utf8.count }

    /// A page ends here.
    mutating func breakPage() { pieces.append("") }

    var text: String { pieces.joined() }
}

/// A table as it is collected; tables within flow into the cell that holds them.
struct DOCXTable {
    var cells = SpanningCells()
    var hasHeader = false
    /// Pages that begin within the table.
    var pageBreaks = 0
    /// Notes that its cells refer to; they stand below it.
    var notes: [String] = []

    mutating func append(_ text: String) { cells.append(text, glue: " ") }
}
