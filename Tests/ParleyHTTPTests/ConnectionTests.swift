import NIOCore
import ParleyCore
import ParleyHTTP
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func aConnectionServesManyRequests() async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                for line in ["GET /v1/notes", "GET /nowhere", "GET /v1/leak", "GET /docs", "GET /v1/notes?limit=0", "GET /v1/notes"] {
                    try await connection.request(line)
                    #expect(try await connection.answer().status > 0)
                }
            }
        }
    }

    /// curl --http2 sends this; NIO's decoder is deaf after it.
    @Test(arguments: ["Connection: Upgrade, HTTP2-Settings", "Connection: upgrade"])
    func anUpgradeIsAnsweredAndEndsTheConnection(_ header: String) async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/notes?limit=1", [header, "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"])
                let answer = try await connection.answer()
                #expect(answer.status == 200)
                #expect(answer["connection"] == "close")
                #expect(try await connection.readToEnd() == "")
            }
        }
    }

    /// The decoder takes all that comes after it for a tunnel's.
    @Test func aTunnelIsRefusedAndEndsTheConnection() async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("CONNECT /v1/notes")
                let answer = try await connection.answer()
                #expect(answer.status == 405 && answer["connection"] == "close")
                #expect(try await connection.readToEnd() == "")
            }
        }
    }

    /// A connection on which nothing is under way, whatever was sent on it.
    @Test(arguments: [
        "", "GET /v1/no", "GET /v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n", "CONNECT /v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\nGET /",
    ])
    func aStopEndsOpenConnections(_ sent: String) async throws {
        try await withServer { port, stop in
            try await Connection.open(port) { connection in
                try await connection.send(sent)
                if sent.hasSuffix("\r\n\r\n") { _ = try await connection.answer() }
                let asked = ContinuousClock.now
                await stop()
                // What was sent and never read makes the end a reset.
                _ = try? await connection.readToEnd()
                #expect(ContinuousClock.now - asked < .seconds(10))
            }
        }
    }

    /// Swift compares text in time that grows with the square of the marks on a letter.
    @Test func marksWithoutEndCostNothing() async throws {
        try await withServer { port, _ in
            let marks = "a" + String(repeating: "\u{301}\u{316}", count: 6000)
            let escaped = "a" + String(repeating: "%CC%81%CC%96", count: 2000)
            let started = ContinuousClock.now
            let parameter = try await fetch(port, "GET /v1/notes?\(escaped)=1")
            #expect(parameter.code == "input.invalid")
            let (path, bare) = (try await fetch(port, "GET /v1/\(escaped)"), try await fetch(port, "GET /v1/\(marks)"))
            #expect(path.status == 404 && bare.status >= 400)
            for name in ["If-None-Match", "Accept", "X-Request-Id", "Accept-Encoding"] {
                let answer = try await fetch(port, "GET /v1/notes", ["\(name): \(marks)"])
                #expect(answer.status >= 200)
            }
            #expect(ContinuousClock.now - started < .seconds(10))
        }
    }

    @Test func brokenRequestsDoNotEndTheServer() async throws {
        try await withServer { port, _ in
            let broken = [
                "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /%zz%?%=&=&%ff=+ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "GET ? HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET # HTTP/1.1\r\nHost: :\r\n\r\n",
                "POST /v1/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
                "POST /v1/form HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=\"\r\nContent-Length: 1\r\n\r\nx",
                "GET /v1/file HTTP/1.1\r\nHost: localhost\r\nRange: bytes=-\r\n\r\n",
            ]
            for text in broken {
                try? await Connection.open(port) { connection in
                    try await connection.send(text)
                    try await connection.send("GET /docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    _ = try await connection.read(upTo: "\r\n\r\n")
                }
            }
            let answer = try await fetch(port, "GET /v1/notes")
            #expect(answer.status == 200)
        }
    }

    @Test func whatIsNoHTTPGetsAProblemDocumentToo() async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.send("BREW /coffee HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let answer = try await connection.answer()
                #expect(answer.status == 400)
                #expect(answer.code == "request.malformed")
                #expect(answer["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func countsARawBodyWithoutHoldingIt() async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                let (chunk, count) = (String(repeating: "x", count: 1 << 16), 64)
                try await connection.request(
                    "PUT /v1/raw", ["Content-Type: application/octet-stream", "Content-Length: \(chunk.utf8.count * count)"])
                for _ in 0..<count { try await connection.send(chunk) }
                #expect(try await connection.answer().json["bytes"] == .int(Int64(chunk.utf8.count * count)))
            }
        }
    }

    /// A body that the caller breaks off must not look like a whole one.
    @Test(arguments: ["Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"])
    func aBrokenUploadIsAnError(_ rest: String) async throws {
        let (ends, sink) = AsyncStream<Bool>.makeStream()
        let endpoint: Endpoint = .open(
            .put, path: "/v1/raw", id: "raw", tag: Sample.other, summary: "", accepts: [.anything], output: .json()
        ) { request in
            do {
                for try await _ in request.body {}
                sink.yield(true)
            } catch {
                sink.yield(false)
            }
            return .ok(nil)
        }
        try await withServer([endpoint]) { port, _ in
            try await Connection.open(port) { try await $0.send("PUT /v1/raw HTTP/1.1\r\nHost: localhost\r\n\(rest)") }
            for await isWhole in ends {
                #expect(!isWhole)
                break
            }
        }
    }

    @Test func refusesALongBodyBeforeItIsSent() async throws {
        try await withServer(configuration: .test { $0.maximumUpload = .bytes(1000) }) { port, _ in
            for headers in [["Content-Length: 5000000000"], ["Content-Length: 1001", "Expect: 100-continue"]] {
                try await Connection.open(port) { connection in
                    try await connection.request("PUT /v1/raw", ["Content-Type: text/plain"] + headers)
                    let answer = try await connection.answer()
                    #expect(answer.status == 413)
                    #expect((answer["connection"] == "close") == headers.contains("Content-Length: 5000000000"))
                }
            }
            try await Connection.open(port) { connection in
                try await connection.request("PUT /v1/raw", ["Content-Type: text/plain", "Transfer-Encoding: chunked"])
                for _ in 0..<11 { try await connection.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
                #expect(try await connection.answer().status == 413)
            }
            try await Connection.open(port) { connection in
                try await connection.request("PUT /v1/raw", ["Content-Type: text/plain", "Content-Length: 3", "Expect: 100-continue"])
                #expect(try await connection.read(upTo: "\r\n\r\n")?.contains("100 Continue") == true)
                try await connection.send("abc")
                #expect(try await connection.answer().json["bytes"] == 3)
            }
        }
    }

    @Test func readsAForm() async throws {
        try await withServer { port, _ in
            let body = [
                "--b\r\nContent-Disposition: form-data; name=\"skip\"\r\n\r\nunread\r\n",
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n", String(repeating: "é", count: 20_000),
                "\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n\r\n--b--\r\n",
            ].joined()
            let answer = try await fetchBytes(port, "POST /v1/form", ["Content-Type: multipart/form-data; boundary=b"], Array(body.utf8))
            #expect(answer.json.array?.count == 2)
            #expect(answer.json.array?.first?["filename"] == "a.txt")
            #expect(answer.json.array?.first?["text"]?.string?.count == 20_000)
            #expect(answer.json.array?.last == ["name": "note", "filename": nil, "text": ""])
            let cut = try await fetch(
                port, "POST /v1/form", ["Content-Type: multipart/form-data; boundary=b"], body: String(body.dropLast(10)))
            #expect(cut.code == "request.malformed_multipart")
            let noBoundary = try await fetch(port, "POST /v1/form", ["Content-Type: multipart/form-data"], body: body)
            #expect(noBoundary.status == 415)
        }
    }

    @Test func servesFilesAndTheirRanges() async throws {
        try await withServer { port, _ in
            let whole = try await fetch(port, "GET /v1/file")
            #expect(whole.body == "0123456789")
            #expect(whole["etag"] == "\"ten\"")
            #expect(whole["content-disposition"] == "attachment; filename=\"Zahlen ___.txt\"; filename*=UTF-8''Zahlen%20%22%C3%BC%22.txt")
            let part = try await fetch(port, "GET /v1/file", ["Range: bytes=2-4"])
            #expect(part.status == 206)
            #expect(part.body == "234")
            #expect(part["content-range"] == "bytes 2-4/10")
            #expect(try await fetch(port, "GET /v1/file", ["Range: bytes=2-4", "If-Range: \"old\""]).body == "0123456789")
            let outside = try await fetch(port, "GET /v1/file", ["Range: bytes=10-"])
            #expect(outside.status == 416)
            #expect(outside["content-range"] == "bytes */10")
            #expect(try await fetch(port, "GET /v1/file", ["If-None-Match: \"ten\""]).status == 304)
            #expect(try await fetch(port, "HEAD /v1/file")["content-length"] == "10")
        }
    }
}
