import NIOCore
import NIOPosix
import ParleyCore
import Testing

/// A bare connection to the server: what is sent and read are bytes, so that a test sees exactly what a client would.
struct Connection {
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    var waiting = ""

    static func open<Result>(_ port: Int, _ body: (inout Connection) async throws -> Result) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = Connection(outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Sends a request with `Host` and, when there is a body, `Content-Length`.
    func request(_ line: String, _ headers: [String] = [], body: String? = nil) async throws {
        var lines = ["\(line) HTTP/1.1"] + headers
        if !headers.contains(where: { $0.lowercased().hasPrefix("host:") }) { lines.append("Host: localhost") }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// Reads up to and with this text; nil when the connection ends before.
    mutating func read(upTo end: String) async throws -> String? {
        while true {
            if let range = waiting.firstRange(of: end) {
                let text = String(waiting[..<range.upperBound])
                waiting.removeSubrange(..<range.upperBound)
                return text
            }
            guard let chunk = try await inbound.next() else { return nil }
            waiting += String(buffer: chunk)
        }
    }

    mutating func readToEnd() async throws -> String {
        while let chunk = try await inbound.next() { waiting += String(buffer: chunk) }
        return waiting
    }

    /// Reads one answer with a known length or in chunks.
    mutating func answer(hasBody: Bool = true) async throws -> Answer {
        let head = try #require(try await read(upTo: "\r\n\r\n"))
        var answer = Answer(head: head)
        guard hasBody, answer.status != 304, answer.status != 204 else { return answer }
        if let length = answer["content-length"].flatMap({ Int($0) }) {
            while waiting.utf8.count < length, let chunk = try await inbound.next() { waiting += String(buffer: chunk) }
            answer.body = String(decoding: waiting.utf8.prefix(length), as: UTF8.self)
            waiting = String(decoding: waiting.utf8.dropFirst(length), as: UTF8.self)
        } else if answer["transfer-encoding"] == "chunked" {
            while let size = try await read(upTo: "\r\n"), let count = Int(size.dropLast(), radix: 16) {
                let chunk = try #require(try await read(upTo: "\r\n"))
                if count == 0 { break }
                answer.body += chunk.dropLast()
            }
        }
        return answer
    }
}

/// An answer as a client sees it.
struct Answer {
    let status: Int
    var headers: [String: String] = [:]
    var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingPrefix(" ").description }
        }
    }

    subscript(name: String) -> String? { headers[name] }
    var json: JSONValue { (try? JSONValue(parsing: Array(body.utf8))) ?? .null }
    var code: String? { json["code"]?.string }
}

/// One request on a connection of its own.
func fetch(_ port: Int, _ line: String, _ headers: [String] = [], body: String? = nil) async throws -> Answer {
    try await Connection.open(port) { connection in
        try await connection.request(line, headers, body: body)
        return try await connection.answer(hasBody: !line.hasPrefix("HEAD"))
    }
}
