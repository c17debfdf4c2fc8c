/// A table as it is collected. A table for layout (one column, long cells, or a table within) comes out as paragraphs.
struct HTMLTable {
    struct Block {
        let kind: ParsedDocument.Kind
        let text: String
    }

    private var cells = SpanningCells()
    private var isHeaderRow: [Bool] = []
    /// Set by a table within: what came before it has been given out as paragraphs.
    private var isLayout = false

    var isEmpty: Bool { cells.isEmpty }

    mutating func beginRow() {
        cells.beginRow()
        isHeaderRow.append(true)
    }

    mutating func beginCell(isHeader: Bool, columns: Int = 1, rows: Int = 1) {
        if isHeaderRow.isEmpty { beginRow() }
        cells.beginCell(columns: columns, rows: rows)
        if !isHeader { isHeaderRow[isHeaderRow.count - 1] = false }
    }

    /// Adds text to the cell that is open.
    mutating func append(_ text: String) {
        if !cells.hasOpenCell { beginCell(isHeader: false) }
        cells.append(text, glue: "\n")
    }

    /// Gives out all cells so far as paragraphs, because a table begins within this one.
    mutating func releaseRows() -> [Block] {
        isLayout = true
        defer {
            (cells, isHeaderRow) = (SpanningCells(), [])
            beginRow()
            isHeaderRow = [false]
        }
        return paragraphs()
    }

    func blocks() -> [Block] {
        guard !isLayout, cells.width > 1, cells.longest < 2000 else { return paragraphs() }
        let all = cells.rows()
        let filled = all.indices.filter { row in all[row].contains { !$0.isEmpty } }
        let lines = filled.map { all[$0] }
        guard let first = filled.first else { return [] }
        let hasHeader = isHeaderRow[first] || TableText.looksLikeHeader(lines)
        return [Block(kind: .table(hasHeader: hasHeader && lines.count > 1), text: lines.map(TableText.row).joined(separator: "\n"))]
    }

    private func paragraphs() -> [Block] {
        cells.texts.filter { !$0.isEmpty }.map { Block(kind: .paragraph, text: $0) }
    }
}
