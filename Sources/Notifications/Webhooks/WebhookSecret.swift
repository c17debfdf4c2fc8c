import Crypto
import Foundation
import ParleyCore
import ParleyDatabase

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

/// Each secret is sealed for its webhook.
extension SecretSeal {
    func seal(_ secret: WebhookSecret, for webhook: WebhookID) throws -> [UInt8] { try seal(Array(secret.bytes), for: webhook.description) }

    /// - Throws: `unavailable` when the installation's key is not the one it was sealed with.
    func open(_ sealed: [UInt8], for webhook: WebhookID) throws -> WebhookSecret {
        WebhookSecret(bytes: Data(try open(sealed, for: webhook.description)))
    }
}
