/// A table with a sign between its cells (RFC 4180 and its relatives).
struct DelimitedText {
    /// Lines before the table, such as a title.
    let opening: [String]
    let rows: [[String]]
    let hasHeader: Bool

    /// Lines that tell which sign it is.
    private static let sampleLines = 50
    private static let signs: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]

    /// - Parameter isNamed: whether the file's name says that it is a table; without that its lines must leave no doubt.
    init?(_ text: String, isNamed: Bool) {
        var bytes = Array(text.utf8)[...]
        var sign = Self.sign(bytes, isNamed: isNamed)
        // What spreadsheets write to name the sign.
        if bytes.starts(with: Array("sep=".utf8)), bytes.count > 5, bytes[4] >= 0x09, bytes[5] == 0x0A {
            sign = bytes[4]
            bytes = bytes.dropFirst(6)
        }
        guard let sign else { return nil }
        let read = Self.rows(bytes, sign, quoted: true) ?? Self.rows(bytes, sign, quoted: false) ?? []
        let width = read.map(\.count).max() ?? 0
        guard width > 1 else { return nil }
        let start = read.firstIndex { row in row.count(where: { !$0.isEmpty }) >= max(2, (width + 1) / 2) } ?? 0
        opening = read[..<start].map { TableText.row($0) }.filter { !$0.isEmpty }
        rows = Array(read[start...])
        hasHeader = rows.count > 1 && TableText.mayBeHeader(rows)
    }

    /// The sign that the lines have alike; nil when none is.
    private static func sign(_ bytes: ArraySlice<UInt8>, isNamed: Bool) -> UInt8? {
        let lines = bytes.split(separator: 0x0A, maxSplits: sampleLines).prefix(sampleLines).filter { !$0.isEmpty }
        let counts = signs.map { sign in (sign, lines.map { count(of: sign, in: $0) }) }
        let even = counts.filter { _, counts in (counts.first ?? 0) > 0 && counts.allSatisfy { $0 == counts.first } }
        let best = even.max { ($0.1.first ?? 0) < ($1.1.first ?? 0) }
        if !isNamed { return best.flatMap { lines.count >= 3 && ($0.1.first ?? 0) >= 2 ? $0.0 : nil } }
        return best?.0 ?? counts.max { $0.1.reduce(0, +) < $1.1.reduce(0, +) }.flatMap { $0.1.contains { $0 > 0 } ? $0.0 : nil }
    }

    private static func count(of sign: UInt8, in line: ArraySlice<UInt8>) -> Int {
        var (count, isQuoted) = (0, false)
        for byte in line {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == sign && !isQuoted { count += 1 }
        }
        return count
    }

    /// The rows that hold anything; nil when a quotation is never closed.
    private static func rows(_ bytes: ArraySlice<UInt8>, _ sign: UInt8, quoted: Bool) -> [[String]]? {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        func endCell() {
            row.append(TextCleaner.line(String(decoding: cell, as: UTF8.self)))
            cell.removeAll(keepingCapacity: true)
        }
        func endRow() {
            endCell()
            if row.contains(where: { !$0.isEmpty }) { rows.append(row) }
            row = []
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                if byte != 0x22 {
                    cell.append(byte)
                } else if index < bytes.endIndex, bytes[index] == 0x22 {
                    cell.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            } else if byte == 0x22, quoted, cell.allSatisfy({ $0 == 0x20 }) {
                isQuoted = true
                cell.removeAll(keepingCapacity: true)
            } else if byte == sign {
                endCell()
            } else if byte == 0x0A {
                endRow()
            } else {
                cell.append(byte)
            }
        }
        endRow()
        return isQuoted ? nil : rows
    }
}
