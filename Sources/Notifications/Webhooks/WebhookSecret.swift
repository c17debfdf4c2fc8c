import Crypto
import Foundation
public import ParleyCore

/// The key with which a webhook's messages are signed, by the Standard Webhooks specification: `whsec_` and 32 random bytes in base64.
struct WebhookSecret: Sendable {
    static let prefix = "whsec_"

    let bytes: Data

    init() { bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) } }
    init(bytes: Data) { self.bytes = bytes }

    var text: String { Self.prefix + bytes.base64EncodedString() }

    /// `v1,` and the HMAC-SHA256 of the message's id, moment and body in base64.
    func signature(id: String, at seconds: Int64, body: String) -> String {
        let signed = Data("\(id).\(seconds).\(body)".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: bytes))
        return "v1," + Data(code).base64EncodedString()
    }
}

/// Encrypts webhooks' secrets for the database (AES-256-GCM), each bound to its webhook, so that a copy of the database signs nothing and
/// no secret can be moved to another row.
public struct SecretSeal: Sendable {
    private let key: SymmetricKey

    /// - Parameter installation: the installation's own key, of which this one is derived (HKDF, RFC 5869).
    public init(installation: Secret) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(installation.revealed.utf8)), info: Data("webhook secrets".utf8), outputByteCount: 32)
    }

    func seal(_ secret: WebhookSecret, for webhook: WebhookID) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret.bytes, using: key, authenticating: Data(webhook.description.utf8))
        return Array(box.combined ?? Data())
    }

    /// - Throws: `unavailable` when the installation's key is not the one it was sealed with.
    func open(_ sealed: [UInt8], for webhook: WebhookID) throws -> WebhookSecret {
        do {
            let box = try AES.GCM.SealedBox(combined: Data(sealed))
            return WebhookSecret(bytes: try AES.GCM.open(box, using: key, authenticating: Data(webhook.description.utf8)))
        } catch {
            throw ParleyError(
                .unavailable, "The webhook's secret cannot be read: the server's key has changed. Make a new one with rotate-secret.",
                cause: error)
        }
    }
}
