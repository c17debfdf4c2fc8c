extension JSONParser {
    mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        _ = take("-")
        guard let first = next, Self.isDigit(first) else { throw malformed("a value was expected") }
        if first == UInt8(ascii: "0") { index += 1 } else { try skipDigits(since: start) }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard next.map(Self.isDigit) == true else { throw malformed("a digit was expected") }
            try skipDigits(since: start)
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard next.map(Self.isDigit) == true else { throw malformed("a digit was expected") }
            try skipDigits(since: start)
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw malformed("the number is too large") }
        return .double(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipDigits(since start: Int) throws(JSONError) {
        while let byte = next, Self.isDigit(byte) {
            index += 1
            guard index - start <= limits.number else { throw malformed("a number has more than \(limits.number) characters") }
        }
    }

    /// Safe to compare, whatever is made of it.
    /// - Parameter limit: in bytes as they stand in the text.
    mutating func string(atMost limit: Int = .max) throws(JSONError) -> String {
        index += 1
        let first = index
        var text: [UInt8] = []
        var start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard index - first <= limit else { throw malformed("a member's name has more than \(limit) bytes") }
                let last = bytes[start..<index]
                index += 1
                let result = text.isEmpty ? String(validating: last, as: UTF8.self) : String(validating: text + last, as: UTF8.self)
                guard let result else { throw malformed("a string is not valid UTF-8") }
                return result.streamSafe
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

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
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
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800...0xDBFF).contains(unit), take("\\"), take("u") else { throw malformed("half a surrogate pair stands in a string") }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) else {
            throw malformed("half a surrogate pair stands in a string")
        }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
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
