import Logging
import ParleyCore

/// Takes secrets and e-mail addresses out of what is logged. A net below the first rule, which is not to log them.
public enum Redaction {
    private static let secretWords = [
        "password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key", "authorization", "cookie", "credential",
        "private_key",
    ].map { Array($0.utf8) }

    /// Text without bearer and basic credentials, values after names such as `password=`, passwords in addresses,
    /// JSON web tokens, and with e-mail addresses masked to `a•••@example.org`.
    public static func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard mayHoldSecrets(bytes) else { return text }
        var scanner = RedactionScanner(bytes: bytes)
        return scanner.redacted()
    }

    /// True when the value under this key is never shown. Counts of tokens are no secrets.
    static func isSecret(key: String) -> Bool {
        let key = Array(key.lowercased().utf8)
        if key.suffix(6).elementsEqual("tokens".utf8) || key.suffix(11).elementsEqual("token_count".utf8) { return false }
        return key.indices.contains { start in secretWords.contains { $0[0] == key[start] && key[start...].starts(with: $0) } }
    }

    static func value(_ value: Logger.MetadataValue, key: String) -> JSONValue {
        if isSecret(key: key) { return .string(Secret.mask) }
        switch value {
        case .string(let text): return .string(self.text(text))
        case .stringConvertible(let number as Int): return .int(Int64(number))
        case .stringConvertible(let number as Double): return number.isFinite ? .double(number) : .string("\(number)")
        case .stringConvertible(let flag as Bool): return .bool(flag)
        case .stringConvertible(let other): return .string(text(other.description))
        case .array(let elements): return .array(elements.map { self.value($0, key: "") })
        case .dictionary(let members):
            return .object(Dictionary(members.map { ($0.key, self.value($0.value, key: $0.key)) }) { first, _ in first })
        }
    }

    /// A quick look: without one of these signs there is nothing to find.
    private static func mayHoldSecrets(_ bytes: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: ":"): return true
            case UInt8(ascii: " ") where previous | 0x20 == UInt8(ascii: "r") || previous | 0x20 == UInt8(ascii: "c"): return true
            case UInt8(ascii: "y") where previous == UInt8(ascii: "e"): return true
            default: previous = byte
            }
        }
        return false
    }
}
