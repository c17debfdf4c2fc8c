import NIOCore
import NIOPosix
import ParleyAuthority
import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite(.timeLimit(.minutes(1))) struct SlowPeerTests {
    /// The patience of a second for what takes half a minute.
    private static let impatient = HTTPServer.Configuration.test {
        ($0.peers.headerTimeout, $0.peers.bodyGrace) = (.milliseconds(400), .milliseconds(300))
        ($0.peers.strangerBodyTimeout, $0.peers.answerStall) = (.milliseconds(700), .milliseconds(400))
        $0.peers.minimumBodyRate = .kib(10)
    }

    private static let upload: Endpoint = .installation(
        .accountRead, .put, path: "/v1/mine", id: "mine", tag: Sample.other, summary: "Count", accepts: [.anything], output: .json()
    ) { request, _ in
        var count = 0
        for try await chunk in request.body { count += chunk.readableBytes }
        return .ok(["bytes": .int(Int64(count))])
    }

    private func serving(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withServer(Sample.endpoints + [Self.upload], configuration: Self.impatient) { port, _ in try await body(port) }
    }

    @Test func headersThatDoNotEndAreRefused() async throws {
        try await serving { port in
            try await Connection.open(port) { connection in
                let begun = ContinuousClock.now
                try await connection.send("GET /v1/notes HTTP/1.1\r\nHost: localhost\r\n")
                let drip = Task { [outbound = connection.outbound] in
                    while !Task.isCancelled {
                        try await Task.sleep(for: .milliseconds(50))
                        try await outbound.write(ByteBuffer(string: "X-A: b\r\n"))
                    }
                }
                let answer = try await connection.answer()
                drip.cancel()
                #expect(answer.status == 408 && answer.code == "request.too_slow" && answer["connection"] == "close")
                #expect(begun.duration(to: .now) < .seconds(2))
                #expect(try await connection.readToEnd() == "")
            }
        }
    }

    /// The clock begins with the first byte of the next request, not with the connection: one may be idle.
    @Test func aConnectionMayBeIdleBetweenRequests() async throws {
        try await serving { port in
            try await Connection.open(port) { connection in
                try await Task.sleep(for: .milliseconds(500))
                try await connection.request("GET /v1/notes?limit=1")
                #expect(try await connection.answer().status == 200)
                try await Task.sleep(for: .milliseconds(500))
                try await connection.request("GET /v1/notes?limit=1")
                #expect(try await connection.answer().status == 200)
                try await connection.send("GET /v1/no")
                #expect(try await connection.answer().status == 408)
            }
        }
    }

    private func drip(
        _ line: String, _ headers: [String], bytes: Int, every pause: Duration, times: Int = .max, port: Int
    ) async throws -> (answer: Answer, time: Duration) {
        try await Connection.open(port) { connection in
            let begun = ContinuousClock.now
            try await connection.request(
                line, ["Content-Type: application/octet-stream", "Content-Length: \(bytes * min(times, 10_000))"] + headers)
            let sender = Task { [outbound = connection.outbound] in
                for _ in 0..<times {
                    try await outbound.write(ByteBuffer(string: String(repeating: "x", count: bytes)))
                    try await Task.sleep(for: pause)
                }
            }
            let answer = try await connection.answer()
            sender.cancel()
            return (answer, begun.duration(to: .now))
        }
    }

    @Test func aStrangersBodyEndsHoweverFastItComes() async throws {
        try await serving { port in
            let slow = try await drip("PUT /v1/raw", [], bytes: 20_000, every: .milliseconds(50), port: port)
            #expect(slow.answer.status == 408 && slow.answer.code == "request.too_slow" && slow.answer["connection"] == "close")
            #expect(slow.time > .milliseconds(650) && slow.time < .seconds(3))
            let form = try await drip("POST /v1/notes", ["Content-Type: application/json"], bytes: 1, every: .milliseconds(50), port: port)
            #expect(form.answer.status == 408 || form.answer.status == 415, "\(form.answer.status)")
            let refused = try await drip("PUT /v1/mine", [], bytes: 20_000, every: .milliseconds(50), port: port)
            #expect(refused.answer.status == 401 && refused.time < .milliseconds(500), "nothing of it is read")
        }
    }

    @Test func aSignedInPersonsBodyHasALeastRate() async throws {
        try await serving { port in
            let token = "Authorization: Bearer admin-token"
            let steady = try await drip("PUT /v1/mine", [token], bytes: 2000, every: .milliseconds(50), times: 24, port: port)
            #expect(steady.answer.json["bytes"] == 48_000 && steady.time > .seconds(1), "\(steady.answer.body)")
            let slow = try await drip("PUT /v1/mine", [token], bytes: 10, every: .milliseconds(50), port: port)
            #expect(slow.answer.status == 408 && slow.answer.code == "request.too_slow")
            #expect(slow.time > .milliseconds(500) && slow.time < .seconds(3))
            let early = try await drip("PUT /v1/mine", [token], bytes: 1, every: .milliseconds(50), times: 4, port: port)
            #expect(early.answer.json["bytes"] == 4, "a small body is done within the grace")
        }
    }

    /// Time in which the server does not ask for more is not held against the peer.
    @Test func whatTheServerTakesSlowlyIsNotSlow() {
        var limits = PeerLimits(SettingsReader())
        (limits.bodyGrace, limits.minimumBodyRate, limits.strangerBodyTimeout) = (.seconds(10), .kib(1), .seconds(30))
        let begun = NIODeadline.uptimeNanoseconds(0)
        func at(_ seconds: Int64) -> NIODeadline { begun + .seconds(seconds) }
        var pace = BodyPace(limits, begun: begun)
        pace.know()
        #expect(pace.check(at(10)) == nil, "the grace")
        pace.wait(at(10))
        pace.receive(2048)
        pace.pause(at(12))
        #expect(pace.check(at(20)) == nil, "2 KiB in the two seconds that it was waited for")
        pace.wait(at(20))
        pace.receive(2048)
        #expect(pace.check(at(30)) == .tooSlow)

        var stranger = BodyPace(limits, begun: begun)
        #expect(stranger.check(at(30)) == nil, "nothing is waited for")
        stranger.wait(at(31))
        stranger.receive(1 << 20)
        #expect(stranger.check(at(32)) == .strangerTooLong)
    }

    /// Who does not read holds neither memory nor the work that makes the answer.
    @Test func whoTakesNothingIsLeft() async throws {
        let (ends, end) = AsyncStream<Int>.makeStream()
        let endless: Endpoint = .open(.get, path: "/v1/much", id: "much", tag: Sample.other, summary: "Much", output: .bytes("text/plain"))
        { _ in
            .stream(contentType: "text/plain") { writer in
                var count = 0
                defer { end.yield(count) }
                while true {
                    try await writer.write([UInt8](repeating: 0x78, count: 1 << 16))
                    count += 1
                }
            }
        }
        try await withServer([endless], configuration: Self.impatient) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/much")
                var iterator = ends.makeAsyncIterator()
                let count = try #require(await iterator.next())
                #expect(count < 1000, "no more than the sockets hold was made")
            }
        }
    }

    /// Who reads steadily, if slowly, gets all of it.
    @Test func whoTakesSomethingIsKept() async throws {
        let much: Endpoint = .open(.get, path: "/v1/much", id: "much", tag: Sample.other, summary: "Much", output: .bytes("text/plain")) {
            _ in
            .stream(contentType: "text/plain", length: 12 << 20) { writer in
                for _ in 0..<12 { try await writer.write([UInt8](repeating: 0x78, count: 1 << 20)) }
            }
        }
        try await withServer([much], configuration: Self.impatient) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/much", ["Connection: close"])
                var count = 0
                let begun = ContinuousClock.now
                while let chunk = try await connection.inbound.next() {
                    count += chunk.readableBytes
                    if begun.duration(to: .now) < .seconds(2) { try await Task.sleep(for: .milliseconds(20)) }
                }
                #expect(count > 12 << 20)
            }
        }
    }
}
