import ParleyCore
import ParleyHTTP
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
    private let tag = EndpointTag("Events", "")

    private func endpoint(
        _ method: Endpoint.Method = .get, _ source: @escaping @Sendable () -> AsyncThrowingStream<ServerSentEvent, any Error>
    ) -> Endpoint {
        .open(method, path: "/v1/events", id: "events", tag: tag, summary: "", output: .events()) { request in
            #expect(request.lastEventID == nil || request.lastEventID == "7")
            return .events(source())
        }
    }

    private static func event(_ number: Int) -> ServerSentEvent { ServerSentEvent("number", id: "\(number)", json: .int(Int64(number))) }

    @Test func givesEventsInOrderAndEnds() async throws {
        let endpoint = endpoint {
            AsyncThrowingStream { sink in
                for number in 0..<200 { sink.yield(Self.event(number)) }
                sink.finish()
            }
        }
        try await withServer([endpoint]) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/events", ["Accept: text/event-stream", "Last-Event-ID: 7"])
                let answer = try await connection.answer()
                #expect(answer["content-type"] == "text/event-stream")
                #expect(answer["cache-control"] == "private, no-cache")
                let expected = (0..<200).map { "id: \($0)\nevent: number\ndata: \($0)\n\n" }.joined()
                #expect(answer.body == expected)
            }
            #expect(try await fetch(port, "GET /v1/events", ["Accept: application/json"]).status == 406)
        }
    }

    @Test func anErrorBecomesTheLastEvent() async throws {
        let endpoint = endpoint {
            AsyncThrowingStream { sink in
                sink.yield(Self.event(1))
                sink.finish(throwing: ParleyError(.unavailable, "The model is away."))
            }
        }
        try await withServer([endpoint]) { port, _ in
            let answer = try await fetch(port, "GET /v1/events")
            #expect(answer.body.contains("event: error\ndata: {\"type\":\"/docs/errors#unavailable\""))
        }
    }

    @Test func cancelsTheSourceWhenTheCallerGoes() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        let endpoint = endpoint(.post) {
            AsyncThrowingStream { sink in
                sink.yield(Self.event(1))
                sink.onTermination = { _ in end.finish() }
            }
        }
        try await withServer([endpoint]) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("POST /v1/events", body: "some body")
                #expect(try await connection.read(upTo: "data: 1\n\n") != nil)
            }
            // Ends only when the source was cancelled; the suite's time limit is the other way out.
            for await _ in ended {}
        }
    }

    /// Watching for the caller's leaving begins after the body was read to its end.
    @Test func cancelsTheSourceWhenTheCallerOfAJSONEndpointGoes() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        let endpoint: Endpoint = .open(
            .post, path: "/v1/ask", id: "ask", tag: tag, summary: "", input: .json(), output: .events()
        ) { _, input in
            .events(
                AsyncStream<ServerSentEvent> { sink in
                    sink.yield(ServerSentEvent("number", id: "1", json: input))
                    sink.onTermination = { _ in end.finish() }
                })
        }
        try await withServer([endpoint]) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("POST /v1/ask", ["Content-Type: application/json"], body: "[1]")
                #expect(try await connection.read(upTo: "data: [1]\n\n") != nil)
            }
            for await _ in ended {}
            #expect(try await fetch(port, "POST /v1/ask", ["Content-Type: application/json"], body: "[").status == 400)
        }
    }

    @Test func endsAtShutdown() async throws {
        let endpoint = endpoint { AsyncThrowingStream { $0.yield(Self.event(1)) } }
        try await withServer([endpoint]) { port, stop in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/events")
                #expect(try await connection.read(upTo: "data: 1\n\n") != nil)
                await stop()
                #expect(try await connection.readToEnd().hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test func aQuietStreamBeats() async throws {
        let endpoint = endpoint { AsyncThrowingStream { _ in } }
        try await withServer([endpoint], configuration: .test { $0.heartbeat = .milliseconds(20) }) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/events")
                for _ in 0..<3 { #expect(try await connection.read(upTo: ": heartbeat\n\n") != nil) }
            }
        }
    }

    @Test func aSlowCallerHoldsTheSourceBack() async throws {
        let counter = Counter()
        let endpoint: Endpoint = .open(.get, path: "/v1/events", id: "events", tag: tag, summary: "", output: .events()) { _ in
            .events(counter)
        }
        try await withServer([endpoint]) { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("GET /v1/events")
                #expect(try await connection.read(upTo: "id: 3\n") != nil)
                // Nothing more is read: the sockets fill up, then the source must stand still.
                var before = -1
                while before != counter.count {
                    before = counter.count
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(counter.count < 5000)
            }
        }
    }
}
