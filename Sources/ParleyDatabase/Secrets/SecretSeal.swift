import Crypto
import Foundation
public import ParleyCore

/// Guards what must not stand in the database in clear, with a key that is not in the database: a copy of the database tells nothing of it.
public struct SecretSeal: Sendable {
    private let key: SymmetricKey

    /// - Parameters:
    ///   - installation: the installation's own key, of which this one is derived (HKDF, RFC 5869).
    ///   - purpose: what is guarded; each purpose has a key of its own.
    public init(installation: Secret, purpose: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(installation.revealed.utf8)), info: Data(purpose.utf8), outputByteCount: 32)
    }

    /// The bytes encrypted (AES-256-GCM) for one place, so that they cannot be moved to another.
    /// - Parameter place: names the row.
    public func seal(_ bytes: [UInt8], for place: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: Data(place.utf8))
        return Array(box.combined ?? Data())
    }

    /// The bytes that were sealed for the place.
    /// - Throws: `unavailable` when they were sealed with another key or for another place.
    public func open(_ sealed: [UInt8], for place: String) throws -> [UInt8] {
        do {
            return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Data(place.utf8)))
        } catch {
            throw ParleyError(
                .unavailable, "A secret in the database cannot be read: the server's key (secrets.key) has changed. Put the old one back.",
                cause: error)
        }
    }

    /// A mark (HMAC-SHA-256, RFC 2104) that is the same for the same text, in hexadecimal. Without the key nobody can try out texts.
    public func mark(_ text: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
