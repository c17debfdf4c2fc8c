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

    /// Whether the first row names the columns: words in all of its cells, above a column that holds numbers, or of three columns and more.
    /// Two columns without numbers are names and what belongs to them.
    static func looksLikeHeader(_ rows: [[String]]) -> Bool {
        guard mayBeHeader(rows), let first = rows.first else { return false }
        let rest = rows.dropFirst()
        if first.count > 2, first.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.count <= longestName }) { return true }
        return first.indices.contains { column in
            rest.count { column < $0.count && holdsNumber($0[column]) } * 2 > rest.count
        }
    }

    private static let longestName = 40

    /// Whether the first row could name the columns: several words, each once, and no numbers.
    static func mayBeHeader(_ rows: [[String]]) -> Bool {
        guard rows.count > 1, let first = rows.first else { return false }
        let filled = first.filter { !$0.isEmpty }
        // The corner above the rows' names may be empty.
        return filled.count > 1 && filled.count + 1 >= first.count && Set(filled).count == filled.count
            && !filled.contains(where: holdsNumber)
    }

    /// Figures with their signs and units, and no more; a year may name a column.
    private static func holdsNumber(_ cell: String) -> Bool {
        let digits = cell.unicodeScalars.reduce(0) { $0 + ($1.properties.numericType != nil ? 1 : 0) }
        let isYear = digits == 4 && cell.unicodeScalars.count == 4 && (cell.hasPrefix("19") || cell.hasPrefix("20"))
        return digits > 0 && digits * 2 >= cell.unicodeScalars.count && !isYear
    }
}
