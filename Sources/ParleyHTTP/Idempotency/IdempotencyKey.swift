import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import ParleyCore

extension Endpoint {
    /// Whether an `Idempotency-Key` means something: the endpoint may change something, knows who calls and speaks no foreign protocol.
    public var isIdempotencyKeyed: Bool { method != .get && access != .open && dialect.answer == nil }
}

/// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).
enum IdempotencyKey {
    static let longest = 255

    /// The key in the header, with or without the quotes of a structured field.
    /// - Throws: `idempotency.key_invalid` unless it has 1 to 255 visible ASCII characters.
    static func key(in headers: HTTPFields) throws -> String {
        let text = headers[.idempotencyKey]?.trimmingSpaces ?? ""
        let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        let key = isQuoted ? String(text.dropFirst().dropLast()) : text
        guard (1...longest).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ParleyError(
                .idempotencyKeyInvalid, "An Idempotency-Key has 1 to \(longest) visible ASCII characters; a random UUID serves well.")
        }
        return key
    }

    /// A hash of method, path, query and body. A streamed body (an upload) goes in with its media type and announced length alone, and a
    /// multipart one without these, since its boundary differs each time.
    static func fingerprint(_ request: Request, body: ByteBuffer?) -> String {
        var hash = SHA256()
        hash.update(data: Array("\(request.method.rawValue)\n\(request.head.path ?? "")\n".utf8))
        if let body {
            hash.update(data: Array(body.readableBytesView))
        } else {
            let type = request.headers[.contentType] ?? ""
            let isMultipart = type.lowercased().hasPrefix("multipart/")
            hash.update(data: Array((isMultipart ? "multipart" : "\(type)\n\(request.headers[.contentLength] ?? "")").utf8))
        }
        return EntityTag.hexadecimal(hash.finalize())
    }
}

extension HTTPField.Name {
    static let idempotencyKey = parsed("Idempotency-Key")
    static let idempotencyReplayed = parsed("Idempotency-Replayed")
}
