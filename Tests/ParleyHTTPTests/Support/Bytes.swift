import NIOCore
import NIOPosix
import ParleyCore
import Testing

/// An answer whose body may be any bytes.
struct ByteAnswer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// One request with a body of bytes; the answer up to the end of the connection.
func fetchBytes(_ port: Int, _ line: String, _ headers: [String], _ body: [UInt8]? = nil) async throws -> ByteAnswer {
    try await Connection.open(port) { connection in
        var lines = ["\(line) HTTP/1.1", "Host: localhost", "Connection: close"] + headers
        if let body { lines.append("Content-Length: \(body.count)") }
        try await connection.outbound.write(ByteBuffer(bytes: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])))
        var bytes: [UInt8] = []
        while let chunk = try await connection.inbound.next() { bytes += chunk.readableBytesView }
        let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
        let head = Answer(head: String(decoding: bytes[..<end.lowerBound], as: UTF8.self))
        var rest = Array(bytes[end.upperBound...])
        if head["transfer-encoding"] == "chunked" { rest = unchunked(rest) }
        return ByteAnswer(status: head.status, headers: head.headers, body: rest)
    }
}

private func unchunked(_ bytes: [UInt8]) -> [UInt8] {
    var (rest, body) = (bytes[...], [UInt8]())
    while let end = rest.firstRange(of: Array("\r\n".utf8)),
        let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0
    {
        body += rest[end.upperBound...].prefix(size)
        rest = rest[end.upperBound...].dropFirst(size + 2)
    }
    return body
}
