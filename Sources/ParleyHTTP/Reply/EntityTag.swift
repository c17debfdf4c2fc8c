import Crypto

/// Entity tags (RFC 9110 §8.8.3).
enum EntityTag {
    /// A weak tag of a JSON answer's bytes.
    static func weak(_ bytes: [UInt8]) -> String { "W/\"" + digest(bytes) + "\"" }

    /// A strong tag of a file's bytes.
    static func strong(_ bytes: [UInt8]) -> String { "\"" + digest(bytes) + "\"" }

    /// Whether an `If-None-Match` header names the tag, by the weak comparison that it asks for.
    static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains {
            let candidate = $0.trimmingSpaces
            return candidate == "*" || opaque(candidate) == opaque(tag)
        }
    }

    private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }

    private static func digest(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes).prefix(12)) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [alphabet[Int(byte >> 4)], alphabet[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
