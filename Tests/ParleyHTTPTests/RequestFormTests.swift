import ParleyCore
import ParleyHTTP
import Testing

/// Requests that two servers could read in two ways.
@Suite(.timeLimit(.minutes(1))) struct RequestFormTests {
    /// What becomes of the bytes: the status of the first answer, and whether a request hidden behind the first is answered too.
    private func send(_ text: String) async throws -> (status: Int, code: String?) {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.send(text)
                let answer = try await connection.answer()
                return (answer.status, answer.code)
            }
        }
    }

    @Test(arguments: [
        "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET http://evil.example/v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://localhost:81/v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2, 2\r\n\r\n{}",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n{}",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x2\r\n\r\n{}",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET /v1/notes HTTP/1.1\r\nHost : localhost\r\n\r\n", "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
        "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nX: one\r\n two\r\n\r\n",
        "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nX: a\u{0}b\r\n\r\n", "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nX\u{0}: b\r\n\r\n",
        "GET /v1/notes\u{0} HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\nX: a\rY: b\r\n\r\n",
        "GET /v1/notes HTTP/1.1\r\nHost: local\thost\r\n\r\n", "GET /v1/no tes HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/notes HTTP/1.1\nHost: localhost\n\n",
    ])
    func isRefused(_ text: String) async throws {
        let answer = try await send(text)
        #expect(answer.status == 400 && answer.code?.hasPrefix("request.") == true, "\(answer)")
    }

    @Test func anAbsoluteTargetOfTheSameServerIsTaken() async throws {
        #expect(try await send("GET http://LOCALHOST/v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200)
    }

    /// Chunks that are not what they say end the connection rather than becoming a request.
    @Test(arguments: ["1\r\naGET", "-1\r\n", "0x1\r\na\r\n", "FFFFFFFFFFFFFFFFF\r\n", "1 \r\na\r\n0\r\n\r\nGET", "\n1\r\na\r\n"])
    func brokenChunksHideNoRequest(_ chunks: String) async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.send(
                    "PUT /v1/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
                        + " /v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let all = try await connection.readToEnd()
                #expect(all.contains("HTTP/1.1 400") && !all.contains("HTTP/1.1 200"), "\(all)")
            }
        }
    }

    @Test func headersAreBounded() async throws {
        func status(_ headers: [String]) async throws -> Int {
            try await send((["GET /v1/notes HTTP/1.1", "Host: localhost"] + headers).joined(separator: "\r\n") + "\r\n\r\n").status
        }
        #expect(try await status(["X: " + String(repeating: "x", count: 30 << 10)]) == 200)
        #expect(try await status(["X: " + String(repeating: "x", count: 33 << 10)]) == 400)
        #expect(try await status((0..<190).map { "X-\($0): x" }) == 200)
        #expect(try await status((0..<210).map { "X-\($0): x" }) == 400)
        #expect(try await status((0..<70).map { "X-\($0): " + String(repeating: "x", count: 1000) }) == 400)
        #expect(try await send("GET /v1/notes?q=" + String(repeating: "x", count: 100_000)).status == 400)
    }
}
