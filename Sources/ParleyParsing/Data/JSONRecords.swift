/// A list of objects without objects within: the rows of a table.
struct JSONRecords {
    private(set) var names: [String] = []
    private(set) var rows: [[String: String]] = []
    private var known: Set<String> = []

    /// Longest row that reads well as one of a table, in characters, and the columns of one.
    private static let (widest, mostColumns) = (240, 40)

    init() {}

    /// Nil when the text is no such list.
    init?(_ bytes: [UInt8]) {
        var tokens = JSONTokens(bytes)
        guard case .open(isObject: false)? = try? tokens.next() else { return nil }
        do {
            while case .open(isObject: true)? = try tokens.next() { guard try take(&tokens) else { return nil } }
            // The list's end has been taken; nothing may follow.
            guard try tokens.next() == nil else { return nil }
        } catch { return nil }
        guard rows.count > 1 else { return nil }
    }

    /// Takes an object that is one text; false when it is no object, or has others within.
    mutating func take(line: ArraySlice<UInt8>) -> Bool {
        var tokens = JSONTokens(Array(line))
        guard case .open(isObject: true)? = try? tokens.next(), (try? take(&tokens)) == true else { return false }
        return (try? tokens.next()) == .some(nil)
    }

    private mutating func take(_ tokens: inout JSONTokens) throws -> Bool {
        var row: [String: String] = [:]
        while let token = try tokens.next() {
            if case .close = token {
                rows.append(row)
                return true
            }
            guard case .name(let name) = token, case .value(let value, let isText)? = try tokens.next() else { return false }
            if known.insert(name).inserted {
                guard names.count < Self.mostColumns else { return false }
                names.append(name)
            }
            row[name] = isText || value != "null" ? value : ""
        }
        return false
    }

    func write(to builder: inout ParsedDocumentBuilder) {
        let letters = rows.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.utf8.count } }
        let isTable = letters <= rows.count * Self.widest && !rows.contains { $0.values.contains { $0.contains("\n") } }
        let filled = rows.reduce(0) { $0 + $1.count }
        if isTable, filled * 2 >= rows.count * names.count {
            let lines = [TableText.row(names)] + rows.map { row in TableText.row(names.map { row[$0] ?? "" }) }
            builder.append(.table(hasHeader: true), lines.joined(separator: "\n"))
        } else {
            for row in rows {
                let lines = names.compactMap { name in row[name].flatMap { $0.isEmpty ? nil : "\(name): \($0)" } }
                builder.append(.paragraph, lines.joined(separator: "\n"))
            }
        }
    }
}
