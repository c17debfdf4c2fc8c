import ParleyCore

/// Values as a table (RFC 4180): a row for each item, a column for each declared member. Members of members are columns such as
/// `latest.state`; a list, or an object whose members are not declared, is JSON within its cell.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection): one that begins with `=`, `+`,
/// `-`, `@`, a tab, a carriage return or a line feed. Numbers are as they are.
struct CSVForm {
    private let shape: SchemaShape
    private let fields: [String]?

    /// - Parameter fields: the members that were asked for; nil for all.
    init(_ shape: SchemaShape, fields: [String]? = nil) { (self.shape, self.fields) = (shape, fields) }

    func bytes(_ value: JSONValue) -> [UInt8] {
        let (rows, shape) = value.rows(shape)
        let columns = columns(rows, shape)
        return Self.line(columns) + rows.flatMap { Self.line(cells($0, shape), columns) }
    }

    /// The columns that rows of a list need: the declared ones, without those that were not asked for, and what older versions call otherwise.
    func columns(_ rows: [JSONValue]) -> [String] { columns(rows, shape.element) }

    /// One row of a list, its line break included.
    func line(_ row: JSONValue, _ columns: [String]) -> [UInt8] { Self.line(cells(row, shape.element), columns) }

    /// A line of texts, its line break included.
    static func line(_ cells: [String]) -> [UInt8] { Array((cells.map(quoted).joined(separator: ",") + "\r\n").utf8) }

    private static func line(_ cells: [String: String], _ columns: [String]) -> [UInt8] { line(columns.map { cells[$0] ?? "" }) }

    private func columns(_ rows: [JSONValue], _ shape: SchemaShape) -> [String] {
        let declared = Self.columns(of: shape, "")
        var (columns, known) = (declared, Set(declared))
        var present: Set<String> = []
        for row in rows {
            Self.flatten(row, shape, "") { name, _ in
                present.insert(name)
                if known.insert(name).inserted { columns.append(name) }
            }
        }
        return columns.filter { (rows.isEmpty || present.contains($0)) && (!declared.contains($0) || isWanted($0)) }
    }

    private func isWanted(_ column: String) -> Bool {
        fields?.contains { column == $0 || column.hasPrefix($0 + ".") || $0.hasPrefix(column + ".") } ?? true
    }

    private func cells(_ row: JSONValue, _ shape: SchemaShape) -> [String: String] {
        var cells: [String: String] = [:]
        Self.flatten(row, shape, "") { name, value in cells[name] = Self.cell(value) }
        return cells
    }

    private static func columns(of shape: SchemaShape, _ name: String) -> [String] {
        guard case .object(let object) = shape.bare else { return [name.isEmpty ? "value" : name] }
        return object.members.flatMap { columns(of: $0.shape, name.isEmpty ? $0.name : "\(name).\($0.name)") }
    }

    private static func flatten(_ value: JSONValue, _ shape: SchemaShape, _ name: String, _ put: (String, JSONValue) -> Void) {
        let isDeclared = if case .object = shape.bare { true } else { false }
        switch value {
        case .object(let members) where isDeclared || name.isEmpty:
            for member in shape.ordered(members) {
                flatten(member.value, member.shape, name.isEmpty ? member.name : "\(name).\(member.name)", put)
            }
        // An object that is not there leaves its columns empty.
        case .null where isDeclared: for column in columns(of: shape, name) { put(column, .null) }
        default: put(name.isEmpty ? "value" : name, value)
        }
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): beginsFormula(text) ? "'" + text : text
        default: value.text
        }
    }

    private static func beginsFormula(_ text: String) -> Bool { text.utf8.first.map { Array("=+-@\t\r\n".utf8).contains($0) } ?? false }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || text.first == " " || text.last == " "
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
