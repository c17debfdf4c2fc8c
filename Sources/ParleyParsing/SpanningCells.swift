/// The cells of a table as they come, some of which reach over several columns and rows. Each stands in all of them, so that every row can
/// be read by itself.
struct SpanningCells {
    private struct Cell {
        var text = ""
        let row: Int
        let column: Int
        var columns: Int
        var rows: Int
    }

    private var cells: [Cell] = []
    private(set) var rowCount = 0
    /// The next column of the row that is open.
    private var column = 0
    /// The last row that a cell above reaches down to, by column.
    private var covered: [Int: Int] = [:]
    /// The last cell that begins in a column, and the one that did before the open cell.
    private var starts: [Int: Int] = [:]
    private var above: Int?
    /// Covered columns that may yet be passed by; then spans count no more.
    private var passes = 10_000
    private(set) var hasOpenCell = false

    /// Columns that one cell may reach over. Copies beyond so many for the table and each cell are left empty, as are copies of long texts.
    private static let (mostColumns, copies, copiesPerCell, longestCopy) = (200, 200, 2, 200)

    var isEmpty: Bool { rowCount == 0 }
    /// Bytes of the longest text.
    var longest: Int { cells.reduce(0) { max($0, $1.text.utf8.count) } }
    var width: Int { cells.reduce(0) { max($0, $1.column + $1.columns) } }
    /// Each cell once.
    var texts: [String] { cells.map(\.text) }

    mutating func beginRow() {
        rowCount += 1
        (column, hasOpenCell) = (0, false)
    }

    /// - Parameter rows: 0 reaches to the table's end.
    mutating func beginCell(columns: Int = 1, rows: Int = 1) {
        if rowCount == 0 { beginRow() }
        let row = rowCount - 1
        passes += 4
        while let last = covered[column], last >= row {
            column += 1
            passes -= 1
            if passes < 0 { covered = [:] }
        }
        let columns = min(max(columns, 1), Self.mostColumns)
        let rows = rows == 0 ? Int.max - row : min(max(rows, 1), Int.max - row)
        cells.append(Cell(row: row, column: column, columns: columns, rows: rows))
        above = starts.updateValue(cells.count - 1, forKey: column)
        if rows > 1, passes > 0 { for place in column..<column + columns { covered[place] = row + rows - 1 } }
        column += columns
        hasOpenCell = true
    }

    /// The open cell reaches over so many columns.
    mutating func widen(to columns: Int) {
        guard hasOpenCell, let last = cells.indices.last else { return }
        cells[last].columns = min(max(columns, 1), Self.mostColumns)
        column = cells[last].column + cells[last].columns
    }

    /// Leaves columns empty.
    mutating func skip(columns: Int) {
        for _ in 0..<min(max(columns, 0), Self.mostColumns) { beginCell() }
        hasOpenCell = false
    }

    /// The open cell is the lower part of the one above it.
    mutating func joinCellAbove() {
        guard hasOpenCell, let open = cells.last, let above, cells[above].row + cells[above].rows == open.row else { return }
        cells.removeLast()
        cells[above].rows += 1
        starts[open.column] = above
        hasOpenCell = false
    }

    /// Adds text to the cell that is open.
    mutating func append(_ text: String, glue: String) {
        guard hasOpenCell, let last = cells.indices.last else { return }
        cells[last].text += cells[last].text.isEmpty ? text : glue + text
    }

    func rows() -> [[String]] {
        var rows = [[String]](repeating: [], count: rowCount)
        var copies = Self.copies + Self.copiesPerCell * cells.count
        func put(_ text: String, _ row: Int, _ column: Int) {
            while rows[row].count <= column { rows[row].append("") }
            rows[row][column] = text
        }
        let width = width
        for cell in cells {
            put(cell.text, cell.row, cell.column)
            // What fills its rows alone is read once.
            let columns = cell.columns < width ? cell.columns : 1
            let copy = cell.text.utf8.count <= Self.longestCopy ? cell.text : ""
            for row in cell.row..<min(cell.row + cell.rows, rowCount) where copies > 0 {
                for column in cell.column..<cell.column + columns where copies > 0 && (row, column) != (cell.row, cell.column) {
                    put(copy, row, column)
                    copies -= 1
                }
                if copies <= 0 { break }
            }
        }
        return rows
    }
}
