import Crypto

/// Entity tags (RFC 9110 §8.8.3).
enum EntityTag {
    /// A weak tag of a JSON answer's bytes.
    static func weak(_ bytes: [UInt8]) -> String { "W/\"" + digest(bytes) + "\"" }

    /// A strong tag of a file's bytes.
    static func strong(_ bytes: [UInt8]) -> String { "\"" + digest(bytes) + "\"" }

    /// The strong tag of a version; one of its variants has a mark after a plus sign.
    static func version(_ version: String, variant: String?) -> String {
        "\"" + digest(Array(version.utf8)) + (variant.map { "+" + digest(Array($0.utf8)).prefix(8) } ?? "") + "\""
    }

    /// Whether an `If-Match` header names the tag of a version, whatever the variant; nil when there is no resource. Weak tags never do.
    static func isSame(_ header: String, _ tag: String?) -> Bool {
        guard let tag else { return false }
        return header.split(separator: ",").contains {
            let candidate = $0.trimmingSpaces
            if candidate == "*" { return true }
            return (candidate.split(separator: "+").first.map { $0.hasSuffix("\"") ? String($0) : $0 + "\"" } ?? "") == tag
        }
    }

    /// Whether an `If-None-Match` header names the tag, by the weak comparison that it asks for.
    static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains {
            let candidate = $0.trimmingSpaces
            return candidate == "*" || opaque(candidate) == opaque(tag)
        }
    }

    private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }

    /// What tells these bytes from others.
    static func digest(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes).prefix(12)) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes { text += [alphabet[Int(byte >> 4)], alphabet[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
