import ParleyCore

/// One JSON value a line: each item of a list, or the one value there is.
enum NDJSONForm {
    static func bytes(_ value: JSONValue, _ shape: SchemaShape) -> [UInt8] {
        let (rows, shape) = value.rows(shape)
        var writer = JSONWriter()
        for row in rows {
            write(row, shape, &writer)
            writer.raw(0x0A)
        }
        return writer.bytes
    }

    /// JSON with members in the declared order.
    private static func write(_ value: JSONValue, _ shape: SchemaShape, _ writer: inout JSONWriter) {
        switch value {
        case .object(let members):
            writer.raw(UInt8(ascii: "{"))
            for (index, member) in shape.ordered(members).enumerated() {
                if index > 0 { writer.raw(UInt8(ascii: ",")) }
                writer.write(member.name)
                writer.raw(UInt8(ascii: ":"))
                write(member.value, member.shape, &writer)
            }
            writer.raw(UInt8(ascii: "}"))
        case .array(let elements): writer.list(elements) { write($1, shape.element, &$0) }
        default: writer.write(value)
        }
    }
}

/// YAML 1.2 (RFC 9512). Scalars are written as in JSON, which is YAML too: a text is always in quotes, so that `no` stays a text.
enum YAMLForm {
    static func bytes(_ value: JSONValue, _ shape: SchemaShape) -> [UInt8] {
        var text = ""
        write(value, shape, indent: 0, isInline: false, &text)
        return Array(text.utf8)
    }

    private static func write(_ value: JSONValue, _ shape: SchemaShape, indent: Int, isInline: Bool, _ text: inout String) {
        let margin = String(repeating: "  ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            for (index, member) in shape.ordered(members).enumerated() {
                text += (index == 0 && isInline ? "" : margin) + scalar(.string(member.name)) + ":"
                nest(member.value, member.shape, indent: indent + 1, &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for element in elements {
                text += margin + "-"
                if case .object(let members) = element, !members.isEmpty {
                    text += " "
                    write(element, shape.element, indent: indent + 1, isInline: true, &text)
                } else {
                    nest(element, shape.element, indent: indent + 1, &text)
                }
            }
        default: text += margin + scalar(value) + "\n"
        }
    }

    /// What stands after a key or a dash: a scalar on the same line, a collection on the next ones.
    private static func nest(_ value: JSONValue, _ shape: SchemaShape, indent: Int, _ text: inout String) {
        let isCollection = value.object?.isEmpty == false || value.array?.isEmpty == false
        guard isCollection else {
            text += " " + scalar(value) + "\n"
            return
        }
        text += "\n"
        write(value, shape, indent: indent, isInline: false, &text)
    }

    private static func scalar(_ value: JSONValue) -> String {
        value.text.replacing("\u{7F}", with: "\\u007F").replacing("\u{FEFF}", with: "\\uFEFF")
            .replacing("\u{85}", with: "\\u0085").replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
    }
}
