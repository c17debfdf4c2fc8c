import Crypto
public import Foundation

/// Signs what the server hands out and wants back unchanged: places in lists, links to files.
public struct Signer: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: secret, at least 32 bytes; the same on every node and after every start.
    public init(key: some ContiguousBytes) { self.key = SymmetricKey(data: key) }

    /// One that signs with a key of its own, which goes with the process.
    public static var random: Signer { Signer(SymmetricKey(size: .bits256)) }

    private init(_ key: SymmetricKey) { self.key = key }

    /// The first 16 bytes of the HMAC-SHA-256 (RFC 2104) of the parts, each with its length before it.
    /// - Parameter purpose: keeps what is signed for one thing from being used for another.
    public func signature(_ purpose: String, _ parts: [String]) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        for part in [purpose] + parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian) { code.update(data: $0) }
            code.update(data: Array(part.utf8))
        }
        return Array(code.finalize().prefix(16))
    }

    /// Whether the signature is that of the parts; takes the same time whatever differs.
    public func isValid(_ signature: [UInt8], _ purpose: String, _ parts: [String]) -> Bool {
        let right = self.signature(purpose, parts)
        guard signature.count == right.count else { return false }
        return zip(signature, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
