import ParleyCore

/// An example as people read it: indented, with members in the declared order, and short lists and objects on one line.
enum ExampleText {
    private static let width = 60

    static func text(of value: JSONValue, _ shape: SchemaShape, _ indent: String = "") -> String {
        let short = line(value, shape)
        if indent.count + short.count <= width { return short }
        let inner = indent + "  "
        if let items = value.array {
            let lines = items.map { inner + text(of: $0, shape.element, inner) }
            return lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        }
        guard let members = value.object, !members.isEmpty else { return short }
        let lines = shape.ordered(members).map { "\(inner)\"\($0.name)\": " + text(of: $0.value, $0.shape, inner) }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }

    private static func line(_ value: JSONValue, _ shape: SchemaShape) -> String {
        if let items = value.array { return "[" + items.map { line($0, shape.element) }.joined(separator: ", ") + "]" }
        guard let members = value.object else { return value.text }
        return "{" + shape.ordered(members).map { "\"\($0.name)\": " + line($0.value, $0.shape) }.joined(separator: ", ") + "}"
    }
}
