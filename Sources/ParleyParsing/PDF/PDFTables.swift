/// Finds tables in a page's lines by where they stand: cells in rows and columns, with rules between them or without. The converter gives
/// such cells column by column, which parts each value from what it is the value of.
enum PDFTables {
    /// Rows that a table has at least; cells of a table of two columns, and of more, are no longer than this on the average.
    private static let (fewestRows, shortCells, longCells) = (3, 24.0, 40.0)
    /// Lines of a page that are looked at, and columns.
    private static let (mostLines, mostColumns) = (20_000, 100)

    private struct Row {
        var lines: [PDFLine]
        var top: Double { lines.reduce(.infinity) { min($0, $1.top) } }
        var bottom: Double { lines.reduce(0) { max($0, $1.bottom) } }
    }

    /// The lines with each table as one, at the place of its first.
    static func joined(_ lines: [PDFLine]) -> [PDFLine] {
        guard lines.count >= 2 * fewestRows, lines.count <= mostLines else { return lines }
        let rows = rows(lines.filter { !$0.isVertical })
        var tables: [PDFLine: PDFLine] = [:]
        var inTables: Set<PDFLine> = []
        var start = 0
        while start < rows.count {
            let end = end(of: rows, from: start)
            if end - start >= fewestRows, let table = table(Array(rows[start..<end])) {
                let cells = Set(rows[start..<end].flatMap(\.lines))
                inTables.formUnion(cells)
                if let first = lines.first(where: { cells.contains($0) }) { tables[first] = table }
            }
            start = max(end, start + 1)
        }
        return tables.isEmpty ? lines : lines.compactMap { inTables.contains($0) ? tables[$0] : $0 }
    }

    /// Lines side by side, from the top down.
    private static func rows(_ lines: [PDFLine]) -> [Row] {
        var rows: [Row] = []
        for line in lines.sorted(by: { ($0.top + $0.bottom, $0.left) < ($1.top + $1.bottom, $1.left) }) {
            let middle = (line.top + line.bottom) / 2
            if let last = rows.last?.lines.last, abs((last.top + last.bottom) / 2 - middle) < 0.4 * min(last.size, line.size) {
                rows[rows.count - 1].lines.append(line)
            } else {
                rows.append(Row(lines: [line]))
            }
        }
        return rows
    }

    /// The row behind the last that may belong to a table that begins here.
    private static func end(of rows: [Row], from start: Int) -> Int {
        guard hasCells(rows[start]) else { return start }
        let size = rows[start].lines.first?.size ?? 0
        var (end, last) = (start + 1, start + 1)
        while end < rows.count, rows[end].top - rows[end - 1].bottom < 3.5 * (rows[end].lines.first?.size ?? 0) {
            if hasCells(rows[end]), abs((rows[end].lines.first?.size ?? 0) - size) < 0.15 * size {
                last = end + 1
            } else if !isRest(rows[end], of: rows[end - 1]) {
                break
            }
            end += 1
        }
        return last
    }

    /// Several lines of one size with room between them.
    private static func hasCells(_ row: Row) -> Bool {
        let lines = row.lines.sorted { $0.left < $1.left }
        guard let size = lines.first?.size, lines.allSatisfy({ abs($0.size - size) < 0.15 * size }) else { return false }
        return lines.count > 1 && zip(lines, lines.dropFirst()).allSatisfy { $1.left - $0.right > 0.8 * $1.size }
    }

    /// One line that goes on with a cell of the row above it.
    private static func isRest(_ row: Row, of above: Row) -> Bool {
        guard row.lines.count == 1, let line = row.lines.first, row.top - above.bottom < 0.8 * line.size else { return false }
        return above.lines.contains { abs($0.left - line.left) < line.size } && line.text.unicodeScalars.count <= 60
    }

    /// The table that these rows are; nil when their cells do not stand in columns, or are lines of prose in columns of a page, lists or tables of contents.
    private static func table(_ rows: [Row]) -> PDFLine? {
        let lines = rows.flatMap(\.lines)
        // Lines that span several columns would join them.
        let most = rows.map(\.lines.count).max() ?? 0
        let fullest = rows.filter { $0.lines.count == most }
        let columns = columns(fullest.count > 1 ? fullest.flatMap(\.lines) : lines)
        guard (2...mostColumns).contains(columns.count), let first = lines.first else { return nil }
        var cells: [[String]] = []
        for row in rows {
            var texts = [String](repeating: "", count: columns.count)
            for line in row.lines {
                // The last column that begins no farther right, with room for numbers that are set to the right.
                let column = columns.lastIndex { $0.lowerBound <= line.left + line.size || $0.contains(line.right) } ?? 0
                texts[column] += texts[column].isEmpty ? line.text : " " + line.text
            }
            if row.lines.count == 1, let last = cells.indices.last, let column = texts.firstIndex(where: { !$0.isEmpty }),
                !cells[last][column].isEmpty
            {
                cells[last][column] += " " + texts[column]
            } else {
                cells.append(texts)
            }
        }
        let filled = cells.joined().filter { !$0.isEmpty }
        let length = Double(filled.reduce(0) { $0 + $1.count }) / Double(max(filled.count, 1))
        let others = filled.filter { $0.contains("…") || ListMarker.length($0) != nil }
        guard others.count * 2 < filled.count, cells.count >= fewestRows, filled.count * 2 >= cells.count * columns.count,
            length <= (columns.count == 2 ? shortCells : longCells)
        else {
            return nil
        }
        let text = cells.map { TableText.row($0) }.joined(separator: "\n")
        return PDFLine(
            text: text, left: lines.reduce(first.left) { min($0, $1.left) }, top: lines.reduce(first.top) { min($0, $1.top) },
            right: lines.reduce(first.right) { max($0, $1.right) }, bottom: lines.reduce(first.bottom) { max($0, $1.bottom) },
            size: first.size,
            block: first.block, table: PDFLine.Table(hasHeader: TableText.looksLikeHeader(cells)))
    }

    /// The spans from left to right that the lines fill, with gaps between them.
    private static func columns(_ lines: [PDFLine]) -> [ClosedRange<Double>] {
        var columns: [ClosedRange<Double>] = []
        for line in lines.sorted(by: { $0.left < $1.left }) {
            let right = max(line.left, line.right)
            if let last = columns.last, line.left <= last.upperBound + 0.3 * line.size {
                columns[columns.count - 1] = last.lowerBound...max(last.upperBound, right)
            } else {
                columns.append(line.left...right)
            }
        }
        return columns
    }
}
