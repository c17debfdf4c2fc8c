/// Reads JSON text (RFC 8259) in one pass. The one parser for whatever somebody else wrote: bodies, lines, files, replies, columns. Only
/// our own encodings of our own types (`JSONText` in the database, tokenizer files) are read by Foundation's decoder, which needs time
/// that grows with the cube of the depth for values of any form.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var index = 0
    /// Where the present text ends: the end of all bytes, or of a line.
    private var end: Int
    private var values = 0

    private init(_ bytes: [UInt8], _ limits: JSONLimits) {
        (self.bytes, self.limits, end) = (bytes, limits, bytes.count)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The one value in the text.
    static func value(in bytes: [UInt8], _ limits: JSONLimits) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, limits)
        return try parser.whole()
    }

    /// One value a line; lines of spaces alone are passed over.
    static func lines(in bytes: [UInt8], _ limits: JSONLimits) throws(JSONError) -> [JSONValue] {
        var parser = JSONParser(bytes, limits)
        var found: [JSONValue] = []
        while parser.index < bytes.count {
            parser.end = bytes[parser.index...].firstIndex(of: 0x0A) ?? bytes.count
            parser.skipSpaces()
            if parser.index < parser.end { found.append(try parser.whole()) }
            parser.index = parser.end + 1
        }
        return found
    }

    private mutating func whole() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpaces()
        guard index == end else { throw malformed("there is more after the value") }
        return value
    }

    var next: UInt8? { index < end ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpaces()
        values += 1
        guard values <= limits.values else { throw malformed("it has more than \(limits.values) values") }
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

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[index..<end].starts(with: text.utf8) else { throw malformed("\(text) was expected") }
        index += text.utf8.count
        return value
    }

    /// Begins a list or an object.
    private mutating func open(depth: Int) throws(JSONError) {
        guard depth < limits.depth else { throw malformed("it is nested deeper than \(limits.depth) levels") }
        index += 1
        skipSpaces()
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        try open(depth: depth)
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        while true {
            skipSpaces()
            guard next == UInt8(ascii: "\"") else { throw malformed("a member's name in quotes was expected") }
            guard members.count < limits.members else { throw malformed("an object has more than \(limits.members) members") }
            let place = index
            let name = try string(atMost: limits.name)
            guard members[name] == nil else {
                index = place
                throw malformed("the member \"\(name.shortened(to: 100))\" stands twice")
            }
            skipSpaces()
            guard take(":") else { throw malformed("a colon was expected") }
            members[name] = try value(depth: depth + 1)
            skipSpaces()
            if take("}") { return .object(members) }
            guard take(",") else { throw malformed("a comma or } was expected") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try open(depth: depth)
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpaces()
            if take("]") { return .array(elements) }
            guard take(",") else { throw malformed("a comma or ] was expected") }
        }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(truncatingIfNeeded: character.value) else { return false }
        index += 1
        return true
    }

    /// The error at the present place.
    func malformed(_ reason: String) -> JSONError {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(reason: reason, line: line, column: column)
    }
}

extension JSONValue {
    /// Parses JSON text.
    public init(parsing bytes: some Sequence<UInt8>, _ limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try JSONParser.value(in: Array(bytes), limits)
    }

    /// Parses texts that stand one a line; the limits are those of all together.
    public static func lines(parsing bytes: some Sequence<UInt8>, _ limits: JSONLimits = JSONLimits()) throws(JSONError) -> [JSONValue] {
        try JSONParser.lines(in: Array(bytes), limits)
    }
}
