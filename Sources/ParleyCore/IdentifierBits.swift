/// The 128 bits of an identifier, as 26 characters of Crockford's base 32 (https://www.crockford.com/base32.html), the first of
/// which stands for three bits. The order of the bits is that of the texts.
@usableFromInline struct IdentifierBits: Hashable, Comparable, Sendable {
    private static let length = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// What each byte stands for; 255 where it stands for nothing.
    // fits: an index below 32, or 255
    private static let digits = (UInt8.min...UInt8.max).map { byte in UInt8(alphabet.firstIndex(of: byte) ?? 255) }

    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// Nil unless the text is the prefix, an underscore, and 26 characters that make 128 bits.
    @usableFromInline init?(_ text: UnsafeBufferPointer<UInt8>, after prefix: String) {
        let start = prefix.utf8.count + 1
        guard text.count == start + Self.length, text.starts(with: prefix.utf8), text[start - 1] == UInt8(ascii: "_"),
            text[start] <= UInt8(ascii: "7")
        else { return nil }
        let digits = Self.digits
        var (high, low, seen) = (UInt64(0), UInt64(0), UInt8(0))
        for byte in text[start...] {
            let digit = digits[Int(byte)]
            seen |= digit
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit & 31)
        }
        guard seen < 32 else { return nil }
        (self.high, self.low) = (high, low)
    }

    @usableFromInline func text(after prefix: String) -> String {
        let (start, alphabet) = (prefix.utf8.count + 1, Self.alphabet)
        return String(unsafeUninitializedCapacity: start + Self.length) { bytes in
            _ = bytes.update(fromContentsOf: prefix.utf8)
            bytes[start - 1] = UInt8(ascii: "_")
            var (high, low) = (high, low)
            for index in stride(from: start + Self.length - 1, through: start, by: -1) {
                bytes[index] = alphabet[Int(low & 31)]
                low = low >> 5 | high << 59
                high >>= 5
            }
            return start + Self.length
        }
    }

    @usableFromInline static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
}
