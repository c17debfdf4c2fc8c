import ParleyCore

/// Values as XML 1.0: an element for each member, `<item>` for each element of a list, `nil="true"` for null. A member whose name is no
/// XML name stands as `<member name="…">`.
enum XMLForm {
    static func bytes(_ value: JSONValue, _ shape: SchemaShape) -> [UInt8] {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write("answer", value, shape, &text)
        return Array((text + "\n").utf8)
    }

    private static func write(_ name: String, _ value: JSONValue, _ shape: SchemaShape, _ text: inout String) {
        let isName = isXMLName(name)
        let tag = isName ? name : "member"
        text += "<" + tag + (isName ? "" : " name=\"\(escaped(name))\"")
        switch value {
        case .null: text += " nil=\"true\"/>"
        case .object(let members):
            text += ">"
            for member in shape.ordered(members) { write(member.name, member.value, member.shape, &text) }
            text += "</\(tag)>"
        case .array(let elements):
            text += ">"
            for element in elements { write("item", element, shape.element, &text) }
            text += "</\(tag)>"
        case .string(let string): text += ">\(escaped(string))</\(tag)>"
        default: text += ">\(value.text)</\(tag)>"
        }
    }

    private static func isXMLName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.-]*/) != nil && !name.lowercased().hasPrefix("xml")
    }

    /// Characters that XML cannot hold become U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\r": result += "&#13;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
