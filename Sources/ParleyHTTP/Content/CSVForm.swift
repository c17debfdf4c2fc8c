import ParleyCore

/// Values as a table (RFC 4180): a row for each item, a column for each member. Members of members are columns such as `latest.state`;
/// a list within a cell is JSON.
struct CSVForm {
    private let shape: SchemaShape

    init(_ shape: SchemaShape) { self.shape = shape }

    func bytes(_ value: JSONValue) -> [UInt8] {
        let (rows, shape) = value.rows(shape)
        var columns: [String] = []
        var known: Set<String> = []
        for name in Self.columns(of: shape, "") where known.insert(name).inserted { columns.append(name) }
        let cells = rows.map { row in
            var cells: [String: String] = [:]
            Self.flatten(row, shape, "") { name, text in
                if known.insert(name).inserted { columns.append(name) }
                cells[name] = text
            }
            return cells
        }
        // A column that no row has was not asked for.
        if !rows.isEmpty { columns = columns.filter { column in cells.contains { $0[column] != nil } } }
        var text = columns.map(Self.quoted).joined(separator: ",") + "\r\n"
        for row in cells { text += columns.map { Self.quoted(row[$0] ?? "") }.joined(separator: ",") + "\r\n" }
        return Array(text.utf8)
    }

    private static func columns(of shape: SchemaShape, _ name: String) -> [String] {
        guard case .object(let object) = shape.bare else { return [name.isEmpty ? "value" : name] }
        return object.members.flatMap { columns(of: $0.shape, name.isEmpty ? $0.name : "\(name).\($0.name)") }
    }

    private static func flatten(_ value: JSONValue, _ shape: SchemaShape, _ name: String, _ put: (String, String) -> Void) {
        if case .object(let members) = value {
            for member in shape.ordered(members) {
                flatten(member.value, member.shape, name.isEmpty ? member.name : "\(name).\(member.name)", put)
            }
        } else {
            put(name.isEmpty ? "value" : name, cell(value))
        }
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: String(decoding: JSONText.bytes(value), as: UTF8.self)
        }
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || text.first == " " || text.last == " "
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
