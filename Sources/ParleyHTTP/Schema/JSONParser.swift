import ParleyCore

/// Reads JSON text (RFC 8259) into a value, with a limit to its depth and a place for every error.
struct JSONParser {
    /// Deeper nesting is refused before anything is built, so that no input can exhaust the stack.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var index = 0

    /// - Throws: `request.malformed_json` with line and column.
    static func parse(_ bytes: [UInt8]) throws(ParleyError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.index = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpaces()
        guard parser.index == bytes.count else { throw parser.malformed("there is more after the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(ParleyError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw malformed("it is nested deeper than \(Self.maximumDepth) levels") }
        skipSpaces()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw malformed("it ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(ParleyError) -> JSONValue {
        guard bytes[index...].starts(with: text.utf8) else { throw malformed("\(text) was expected") }
        index += text.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(ParleyError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        index += 1
        skipSpaces()
        if take("}") { return .object(members) }
        while true {
            skipSpaces()
            guard next == UInt8(ascii: "\"") else { throw malformed("a member's name in quotes was expected") }
            let place = index
            let name = try string()
            skipSpaces()
            guard take(":") else { throw malformed("a colon was expected") }
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: name) == nil else {
                index = place
                throw malformed("the member \"\(name)\" stands twice")
            }
            skipSpaces()
            if take("}") { return .object(members) }
            guard take(",") else { throw malformed("a comma or } was expected") }
        }
    }

    private mutating func array(depth: Int) throws(ParleyError) -> JSONValue {
        var elements: [JSONValue] = []
        index += 1
        skipSpaces()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpaces()
            if take("]") { return .array(elements) }
            guard take(",") else { throw malformed("a comma or ] was expected") }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(truncatingIfNeeded: character.value) else { return false }
        index += 1
        return true
    }

    /// The error at the present place. Lines and columns count from 1, columns in bytes.
    private func malformed(_ reason: String) -> ParleyError {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return ParleyError(.malformedJSON, "The body is not valid JSON: \(reason) (line \(line), column \(column)).")
    }
}

extension JSONParser {
    private mutating func number() throws(ParleyError) -> JSONValue {
        let start = index
        _ = take("-")
        guard let first = next, Self.isDigit(first) else { throw malformed("a value was expected") }
        if first == UInt8(ascii: "0") { index += 1 } else { skipDigits() }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard next.map(Self.isDigit) == true else { throw malformed("a digit was expected") }
            skipDigits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard next.map(Self.isDigit) == true else { throw malformed("a digit was expected") }
            skipDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw malformed("the number is too large") }
        return .double(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipDigits() {
        while let byte = next, Self.isDigit(byte) { index += 1 }
    }

    private mutating func string() throws(ParleyError) -> String {
        index += 1
        var text: [UInt8] = []
        var start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<index]
                index += 1
                guard let result = String(validating: text, as: UTF8.self) else { throw malformed("a string is not valid UTF-8") }
                return result
            case UInt8(ascii: "\\"):
                text += bytes[start..<index]
                index += 1
                text += String(try escape()).utf8
                start = index
            case 0..<0x20: throw malformed("a control character in a string must be escaped")
            default: index += 1
            }
        }
        throw malformed("a string does not end")
    }

    private mutating func escape() throws(ParleyError) -> Unicode.Scalar {
        guard let byte = next else { throw malformed("a string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed("an unknown escape stands in a string")
        }
    }

    /// Four hexadecimal digits, or a surrogate pair of two such escapes.
    private mutating func unicodeEscape() throws(ParleyError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800...0xDBFF).contains(unit), take("\\"), take("u") else { throw malformed("half a surrogate pair stands in a string") }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) else {
            throw malformed("half a surrogate pair stands in a string")
        }
        return scalar
    }

    private mutating func hexadecimal() throws(ParleyError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw malformed("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)  // fits: from 0 to 15
            index += 1
        }
        return value
    }
}
