/// A table drawn with blanks: its cells stand in columns below each other, with rules of signs perhaps.
struct AlignedTable {
    let rows: [[String]]
    let hasHeader: Bool

    /// Widest text that is looked at; a table is made to be seen whole.
    private static let (mostColumns, widest) = (60, 400)

    /// Lines that must be a table before all are looked at.
    private static let sample = 50

    /// Nil when the lines are no table.
    init?(_ lines: [String]) {
        if lines.count > Self.sample, AlignedTable(Array(lines.prefix(Self.sample))) == nil { return nil }
        let rules = lines.indices.filter { Self.isRule(lines[$0]) }
        let bodies = lines.indices.filter { !Self.isRule(lines[$0]) }
        guard bodies.count >= 3 || bodies.count == 2 && !rules.isEmpty else { return nil }
        let texts = bodies.map { lines[$0] }
        guard texts.allSatisfy({ $0.unicodeScalars.count <= Self.widest }) else { return nil }
        let rows = Self.parted(texts, by: ["|", "│"]) ?? Self.parted(texts, by: ["\t"]) ?? Self.columns(texts.map(Self.expanded))
        guard let rows, Self.isTabular(rows) else { return nil }
        self.rows = rows
        let isRuled = rules.contains { $0 > (bodies.first ?? 0) && bodies.count > 1 && $0 < bodies[1] }
        hasHeader = isRuled || TableText.looksLikeHeader(rows)
    }

    var text: String { rows.map { TableText.row($0) }.joined(separator: "\n") }

    private static func isRule(_ line: String) -> Bool {
        let signs = line.unicodeScalars.filter { $0 != " " && $0 != "\t" }
        return signs.count >= 3 && signs.allSatisfy { "-=+|_:─━═┼│├┤┌┐└┘".unicodeScalars.contains($0) } && signs.contains { $0 != "|" }
    }

    /// Tabs go to the next multiple of eight.
    private static func expanded(_ line: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        for scalar in line.unicodeScalars {
            if scalar == "\t" {
                repeat { scalars.append(" ") } while !scalars.count.isMultiple(of: 8)
            } else {
                scalars.append(scalar)
            }
        }
        return scalars
    }

    /// Cells between signs, as many in each line.
    private static func parted(_ lines: [String], by signs: Set<Unicode.Scalar>) -> [[String]]? {
        let rows = lines.map { line in
            var cells = line.unicodeScalars.split(omittingEmptySubsequences: false) { signs.contains($0) }.map {
                TextCleaner.line(text($0))
            }
            if cells.first?.isEmpty == true { cells.removeFirst() }
            if cells.last?.isEmpty == true { cells.removeLast() }
            return cells
        }
        guard let width = rows.first?.count, width >= 2, rows.allSatisfy({ $0.count == width }) else { return nil }
        return rows
    }

    /// Cells between the gaps that run through all lines.
    private static func columns(_ lines: [[Unicode.Scalar]]) -> [[String]]? {
        let width = lines.map(\.count).max() ?? 0
        var isBlank = [Bool](repeating: true, count: width)
        for line in lines { for (place, scalar) in line.enumerated() where !scalar.properties.isWhitespace { isBlank[place] = false } }
        var spans: [Range<Int>] = []
        var place = 0
        while place < width {
            guard !isBlank[place] else {
                place += 1
                continue
            }
            var end = place
            // One blank alone stands between the words of a cell.
            while end < width, !isBlank[end] || end + 1 < width && !isBlank[end + 1] { end += 1 }
            spans.append(place..<end)
            place = end
        }
        guard (2...mostColumns).contains(spans.count) else { return nil }
        return lines.map { line in
            spans.map { span in
                span.lowerBound < line.count ? TextCleaner.line(text(line[span.lowerBound..<min(span.upperBound, line.count)])) : ""
            }
        }
    }

    /// Two columns of sentences are a page, not a table.
    private static func isTabular(_ rows: [[String]]) -> Bool {
        let width = rows.first?.count ?? 0
        let filled = rows.joined().filter { !$0.isEmpty }
        guard rows.count(where: { row in row.count { !$0.isEmpty } >= 2 }) * 3 >= rows.count * 2 else { return false }
        let letters = filled.reduce(0) { $0 + $1.count }
        return letters <= filled.count * (width > 2 ? 40 : 24)
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
