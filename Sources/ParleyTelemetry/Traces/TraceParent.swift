/// The `traceparent` header, by the rules of W3C Trace Context, section 3.2.
struct TraceParent {
    let traceID: TraceID
    let spanID: SpanID
    let flags: UInt8

    /// Nil when the header breaks a rule: lower-case hexadecimal digits only, fixed lengths, no id of zeros, version not `ff`,
    /// nothing behind the flags in version 00, and in later versions only what follows a further dash.
    init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55, bytes[2] == Hex.dash, bytes[35] == Hex.dash, bytes[52] == Hex.dash,
            let version = Hex.value(bytes[0..<2]), version != 0xFF,
            bytes.count == 55 || (version > 0 && bytes[55] == Hex.dash),
            let high = Hex.value(bytes[3..<19]), let low = Hex.value(bytes[19..<35]), high | low != 0,
            let span = Hex.value(bytes[36..<52]), span != 0,
            let flags = Hex.value(bytes[53..<55])
        else { return nil }
        (traceID, spanID, self.flags) = (TraceID(high: high, low: low), SpanID(value: span), UInt8(flags))  // fits: two hexadecimal digits
    }
}

/// The `tracestate` header, by the rules of W3C Trace Context, section 3.3.
enum TraceState {
    /// The header's members without blanks; nil when one breaks a rule, or there are none, more than 32, or over 512 characters.
    static func valid(_ header: String) -> String? {
        let members = header.split(separator: ",").map { $0.drop(while: isBlank) }.map(trimmedEnd).filter { !$0.isEmpty }
        let keys = members.map { $0.prefix { $0 != "=" } }
        let joined = members.joined(separator: ",")
        guard !members.isEmpty, members.count <= 32, joined.utf8.count <= 512, Set(keys).count == keys.count,
            members.allSatisfy(isMember)
        else { return nil }
        return joined
    }

    private static func isMember(_ member: Substring) -> Bool {
        let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        return isKey(parts[0]) && isValue(parts[1])
    }

    private static func isKey(_ key: Substring) -> Bool {
        let parts = key.split(separator: "@", omittingEmptySubsequences: false)
        let lengths = parts.count == 1 ? [256] : parts.count == 2 ? [241, 14] : []
        return !lengths.isEmpty
            && zip(parts, lengths).allSatisfy { part, length in
                (1...length).contains(part.utf8.count) && part.utf8.allSatisfy(isKeyByte) && part.utf8.first.map(isKeyStart) ?? false
            }
    }

    private static func isValue(_ value: Substring) -> Bool {
        (1...256).contains(value.utf8.count)
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    }

    private static func isKeyStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool { isKeyStart(byte) || "_-*/".utf8.contains(byte) }
    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    private static func trimmedEnd(_ text: Substring) -> Substring {
        var text = text
        while text.last.map(isBlank) ?? false { text.removeLast() }
        return text
    }
}

/// Lower-case hexadecimal digits.
enum Hex {
    static let dash = UInt8(ascii: "-")

    static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits  // fits: 64 bits have 16 digits at most
    }

    /// Nil when a byte is no lower-case hexadecimal digit, or there are more than 16.
    static func value(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        guard bytes.count <= 16 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))  // fits: a digit's value
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)  // fits: a digit's value
            default: return nil
            }
        }
        return value
    }
}
