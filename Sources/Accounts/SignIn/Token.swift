import Crypto
import Foundation

/// A bearer secret: 256 random bits in base64url. Only its SHA-256 is stored, so that a copy of the database opens nothing.
struct Token: Sendable {
    let text: String
    var hash: String { Self.hash(text) }

    /// - Parameter size: how many random bits.
    init(size: SymmetricKeySize = .bits256) {
        let bytes = SymmetricKey(size: size).withUnsafeBytes { Data($0) }
        text = bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }
}
