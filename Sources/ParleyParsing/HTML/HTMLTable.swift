/// A table as it is collected. A table for layout (one column, long cells, or a table within) comes out as paragraphs.
struct HTMLTable {
    struct Block {
        let kind: ParsedDocument.Kind
        let text: String
    }

    private var rows: [[String]] = []
    private var isHeaderRow: [Bool] = []
    /// Set by a table within: what came before it has been given out as paragraphs.
    private var isLayout = false

    var isEmpty: Bool { rows.isEmpty }

    mutating func beginRow() {
        rows.append([])
        isHeaderRow.append(true)
    }

    mutating func beginCell(isHeader: Bool) {
        if rows.isEmpty { beginRow() }
        rows[rows.count - 1].append("")
        if !isHeader { isHeaderRow[rows.count - 1] = false }
    }

    /// Adds text to the cell that is open.
    mutating func append(_ text: String) {
        if rows.last?.isEmpty != false { beginCell(isHeader: false) }
        let (row, cell) = (rows.count - 1, (rows.last?.count ?? 1) - 1)
        rows[row][cell] += rows[row][cell].isEmpty ? text : "\n" + text
    }

    /// Gives out all cells so far as paragraphs, because a table begins within this one.
    mutating func releaseRows() -> [Block] {
        isLayout = true
        defer { (rows, isHeaderRow) = ([[]], [false]) }
        return paragraphs()
    }

    func blocks() -> [Block] {
        let filled = rows.indices.filter { row in rows[row].contains { !$0.isEmpty } }
        let width = filled.map { rows[$0].count }.max() ?? 0
        let longest = rows.joined().map(\.utf8.count).max() ?? 0
        guard !isLayout, width > 1, longest < 2000 else { return paragraphs() }
        let lines = filled.map { row in TableText.row(rows[row]) }
        let hasHeader = filled.first.map { isHeaderRow[$0] } ?? false
        return lines.isEmpty ? [] : [Block(kind: .table(hasHeader: hasHeader && lines.count > 1), text: lines.joined(separator: "\n"))]
    }

    private func paragraphs() -> [Block] {
        rows.joined().filter { !$0.isEmpty }.map { Block(kind: .paragraph, text: $0) }
    }
}

/// How tables stand in the text.
enum TableText {
    /// Tables within tables, up to this many, are told apart; what is nested deeper belongs to the cell around it. Each level moves its
    /// text once more when it closes.
    static let deepest = 8

    /// Cells on one line, separated by ` | `.
    static func row(_ cells: [String]) -> String {
        let clean = cells.map { TextCleaner.line($0) }
        let kept = clean.prefix((clean.lastIndex { !$0.isEmpty } ?? -1) + 1)
        return kept.joined(separator: " | ")
    }
}
