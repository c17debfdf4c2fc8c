/// The pieces of a JSON text (RFC 8259) in their order, which a value made of it has lost.
struct JSONTokens {
    enum Token: Equatable {
        case open(isObject: Bool)
        case close(isObject: Bool)
        case name(String)
        /// A text without its quotation marks, or a number or word.
        case value(String, isText: Bool)
    }

    /// The text is no JSON.
    struct Malformed: Error {}

    private enum State { case value, valueOrEnd, name, nameOrEnd, after }

    private static let deepest = 200

    private let bytes: [UInt8]
    private var place = 0
    private var state = State.value
    /// Of each open list or object, whether it is an object.
    private var open: [Bool] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil at the end.
    mutating func next() throws(Malformed) -> Token? {
        skipBlanks()
        if state == .after, !open.isEmpty, at(UInt8(ascii: ",")) {
            place += 1
            state = open.last == true ? .name : .value
            skipBlanks()
        }
        guard place < bytes.count else {
            guard state == .after, open.isEmpty else { throw Malformed() }
            return nil
        }
        switch (bytes[place], state) {
        case (UInt8(ascii: "}"), .after), (UInt8(ascii: "}"), .nameOrEnd): return try close(isObject: true)
        case (UInt8(ascii: "]"), .after), (UInt8(ascii: "]"), .valueOrEnd): return try close(isObject: false)
        case (UInt8(ascii: "\""), .name), (UInt8(ascii: "\""), .nameOrEnd):
            let name = try string()
            skipBlanks()
            guard at(UInt8(ascii: ":")) else { throw Malformed() }
            place += 1
            state = .value
            return .name(name)
        case (_, .value), (_, .valueOrEnd): return try value()
        default: throw Malformed()
        }
    }

    private mutating func value() throws(Malformed) -> Token {
        switch bytes[place] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isObject = bytes[place] == UInt8(ascii: "{")
            guard open.count < Self.deepest else { throw Malformed() }
            place += 1
            open.append(isObject)
            state = isObject ? .nameOrEnd : .valueOrEnd
            return .open(isObject: isObject)
        case UInt8(ascii: "\""):
            state = .after
            return .value(try string(), isText: true)
        default:
            let word = bytes[place...].prefix { Self.isWord($0) }
            guard !word.isEmpty else { throw Malformed() }
            place = word.endIndex
            state = .after
            return .value(String(decoding: word, as: UTF8.self), isText: false)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }

    private mutating func close(isObject: Bool) throws(Malformed) -> Token {
        guard open.popLast() == isObject else { throw Malformed() }
        place += 1
        state = .after
        return .close(isObject: isObject)
    }

    private mutating func string() throws(Malformed) -> String {
        let start = place + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
        guard end < bytes.count else { throw Malformed() }
        place = end + 1
        return JSONEscapes.decoded(bytes[start..<end])
    }

    private func at(_ byte: UInt8) -> Bool { place < bytes.count && bytes[place] == byte }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }
}

/// What stands for characters in JSON texts.
enum JSONEscapes {
    static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let sign = rest.first else {
                result.append(byte)
                continue
            }
            rest = rest.dropFirst()
            switch sign {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): break
            case UInt8(ascii: "u"): result += Array(String(character(&rest)).utf8)
            default: result.append(sign)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Takes four digits, and those of the second half of a pair.
    private static func character(_ rest: inout ArraySlice<UInt8>) -> Character {
        guard let first = unit(rest) else { return "\u{FFFD}" }
        rest = rest.dropFirst(4)
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard rest.starts(with: Array("\\u".utf8)), let second = unit(rest.dropFirst(2)), 0xDC00...0xDFFF ~= second, first < 0xDC00 else {
            return "\u{FFFD}"
        }
        rest = rest.dropFirst(6)
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)).map(Character.init) ?? "\u{FFFD}"
    }

    private static func unit(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let digits = bytes.prefix(4).compactMap(TransferDecoding.hex)
        return digits.count == 4 ? digits.reduce(0) { $0 << 4 | UInt32($1) } : nil
    }

    /// The text with its `\u00fc` as letters, and all else as it stands.
    static func withLetters(_ text: String) -> String {
        guard text.contains("\\u") else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let sign = rest.first else {
                result.append(byte)
                continue
            }
            rest = rest.dropFirst()
            // Signs below the blank stay as they are written.
            if sign == UInt8(ascii: "u"), let value = unit(rest), value >= 0xA0 {
                result += Array(String(character(&rest)).utf8)
            } else {
                result += [byte, sign]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
