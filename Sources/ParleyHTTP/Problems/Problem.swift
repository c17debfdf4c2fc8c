import HTTPTypes
import Hummingbird
import NIOCore
import ParleyAuthority
import ParleyCore

/// An error as it stands on the wire: a problem document (RFC 9457).
struct Problem: Sendable {
    let error: ParleyError
    let instance: String
    let requestID: String

    var status: Int { error.code.status }

    /// The document's JSON.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.raw("{\"type\":")
        writer.write("/docs/errors#" + error.code.name)
        writer.raw(",\"title\":")
        writer.write(error.code.title)
        writer.raw(",\"status\":")
        writer.write(status)
        writer.raw(",\"detail\":")
        writer.write(error.message)
        writer.raw(",\"code\":")
        writer.write(error.code.name)
        writer.raw(",\"instance\":")
        writer.write(instance.shortened(to: 1000))
        writer.raw(",\"request_id\":")
        writer.write(requestID)
        if let (limit, used) = error.limit.map({ ($0.limit, $0.used) }) {
            writer.raw(",\"limit\":")
            writer.write(limit)
            writer.raw(",\"used\":")
            writer.write(used)
        }
        writer.raw(",\"errors\":")
        writer.raw("[")
        for (index, field) in error.fields.enumerated() where writer.bytes.count < Self.room {
            if index > 0 { writer.raw(",") }
            writer.raw("{\"pointer\":")
            writer.write(field.pointer)
            writer.raw(",\"message\":")
            writer.write(field.message)
            writer.raw("}")
        }
        writer.raw("]}")
        return writer.bytes
    }

    /// No error begins beyond so many bytes, so that no document has more than 64 kB even where every character is an escape.
    private static let room = 48 * 1024

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if error.code.kind == .unauthenticated { headers[.wwwAuthenticate] = "Bearer realm=\"parley\"" }
        if let seconds = error.retryAfter?.components.seconds { headers[.retryAfter] = String(max(1, seconds)) }
        return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
