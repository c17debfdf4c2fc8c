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

    /// A page ends here.
    mutating func breakPage() { pieces.append("") }

    var text: String { pieces.joined() }
}

/// A table as it is collected; tables within flow into the cell that holds them.
struct DOCXTable {
    var rows: [[String]] = []
    var hasHeader = false
    /// Pages that begin within the table.
    var pageBreaks = 0

    mutating func append(_ text: String) {
        guard let row = rows.indices.last, let cell = rows[row].indices.last else { return }
        rows[row][cell] += rows[row][cell].isEmpty ? text : " " + text
    }
}
