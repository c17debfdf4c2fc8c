import Foundation

/// One keep-alive connection to a server on this machine, blocking and with little work of its own, so that it is the server
/// that is measured. Belongs to one thread.
final class HTTPConnection {
    struct Answer {
        let status: Int
        let body: ArraySlice<UInt8>
        let headers: [String: String]
    }

    private let descriptor: CInt
    private let host: String
    private var buffer: [UInt8] = []
    private var start = 0

    init(port: Int) throws {
        host = "127.0.0.1:\(port)"
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("No socket can be made.") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure("Nothing listens on port \(port).") }
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request and reads the whole answer.
    func send(_ method: String, _ path: String, headers: [String] = [], body: [UInt8] = []) throws -> Answer {
        try write(request(method, path, headers, body))
        return try answer()
    }

    /// Sends a request that was made before and reads the whole answer.
    func send(_ request: [UInt8]) throws -> Answer {
        try write(request)
        return try answer()
    }

    /// Sends a request and gives out the lines of its answer as they come, until one is the last. The connection is spent then.
    func lines(_ method: String, _ path: String, headers: [String] = [], body: [UInt8] = [], isLast: (String) throws -> Bool) throws {
        try write(request(method, path, headers, body))
        while true {
            let line = try line()
            if try isLast(line) { return }
        }
    }

    func request(_ method: String, _ path: String, _ headers: [String], _ body: [UInt8]) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        for header in headers { head += header + "\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { rest in
                Foundation.send(descriptor, rest.baseAddress?.advanced(by: sent), rest.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("The server closed the connection.") }
            sent += count
        }
    }

    private func answer() throws -> Answer {
        let status = Int(try line().split(separator: " ").dropFirst().first ?? "") ?? 0
        var headers: [String: String] = [:]
        while true {
            let line = try line()
            guard let colon = line.firstIndex(of: ":") else { break }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        if let length = headers["content-length"].flatMap(Int.init) {
            return Answer(status: status, body: try bytes(length), headers: headers)
        }
        guard headers["transfer-encoding"] == "chunked" else { return Answer(status: status, body: [], headers: headers) }
        var body: [UInt8] = []
        while let length = Int(try line(), radix: 16) {
            body += try bytes(length)
            _ = try line()
            if length == 0 { break }
        }
        return Answer(status: status, body: body[...], headers: headers)
    }

    /// The next line, without its end.
    private func line() throws -> String {
        while true {
            if let end = buffer[start...].firstIndex(of: 10) {
                defer { start = end + 1 }
                return String(decoding: buffer[start..<(end > start && buffer[end - 1] == 13 ? end - 1 : end)], as: UTF8.self)
            }
            try read()
        }
    }

    private func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        while buffer.count - start < count { try read() }
        defer { start += count }
        return buffer[start..<start + count]
    }

    private func read() throws {
        if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { space in
            let count = recv(descriptor, space.baseAddress, space.count, 0)
            if count > 0 { buffer.append(contentsOf: space[..<count]) }
            return count
        }
        guard count > 0 else { throw Failure("The server closed the connection.") }
    }
}
