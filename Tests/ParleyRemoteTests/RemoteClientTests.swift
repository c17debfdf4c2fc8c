import Foundation
import NIOHTTP1
import ParleyCore
import ParleyTelemetry
import Synchronization
import Testing

@testable import ParleyRemote

@Suite struct RemoteClientTests {
    private let sink = MemorySink()

    private func telemetry() -> Telemetry {
        var configuration = Telemetry.Configuration()
        configuration.logLevel = .trace
        return Telemetry(configuration, to: sink)
    }

    private func configuration(_ adjust: (inout RemoteClient.Configuration) -> Void = { _ in }) -> RemoteClient.Configuration {
        var configuration = RemoteClient.Configuration()
        configuration.deadline = .seconds(20)
        adjust(&configuration)
        return configuration
    }

    private func run(
        _ script: LocalServer.Script, _ configuration: RemoteClient.Configuration? = nil,
        _ body: (RemoteClient, LocalServer) async throws -> Void
    ) async throws {
        let client = RemoteClient(configuration ?? self.configuration(), telemetry: telemetry())
        do {
            try await LocalServer.with(script) { try await body(client, $0) }
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? ParleyError)?.code.name ?? "\(error)"
        }
    }

    private struct Greeting: Codable, Equatable {
        var text: String
    }

    @Test func jsonThereAndBackWithTrace() async throws {
        let script = LocalServer.Script { .whole(200, [("Content-Type", "application/json")], String(decoding: $0.body, as: UTF8.self)) }
        try await run(script) { client, server in
            var request = try RemoteRequest.json("test.echo", url: server.url + "/v1/echo?q=1", body: Greeting(text: "grüß"))
            request.bearer = Secret("very-secret-key")
            let context = TraceContext(requestID: "req_1")
            let sent = request
            let back = try await TraceContext.$current.withValue(context) { try await client.json(sent) }
            #expect(back == ["text": "grüß"])
            let received = try #require(server.received.first)
            #expect(received.method == "POST" && received.uri == "/v1/echo?q=1")
            #expect(received.headers["authorization"] == ["Bearer very-secret-key"])
            let parent = try #require(received.headers["traceparent"].first.flatMap { TraceContext(traceparent: $0) })
            #expect(parent.traceID == context.traceID && parent.spanID != context.spanID)
            let span = try #require(client.telemetry.recentSpans.newest().first)
            #expect(span.name == "remote.test.echo" && span.spanID == parent.spanID)
            #expect(!sink.lines.isEmpty && !sink.lines.joined().contains("very-secret-key"))
            let metrics = client.telemetry.metrics.prometheusText()
            #expect(metrics.contains("parley_remote_requests_total{call=\"test.echo\",host=\"127.0.0.1:"))
        }
    }

    @Test func passingFailuresAreTriedAgainWhenTheCallMayBeRepeated() async throws {
        let script = LocalServer.Script {
            $0.number < 3 ? .whole([429, 503][$0.number - 1], [("Retry-After", "0")]) : .whole(200, [], "third")
        }
        try await run(script) { client, server in
            let response = try await client.send(RemoteRequest("test.get", url: server.url))
            #expect(response.body == Array("third".utf8) && server.received.count == 3)
            #expect(client.telemetry.metrics.prometheusText().contains("parley_remote_retries_total"))
        }
        try await run(script) { client, server in
            #expect(await code { _ = try await client.send(RemoteRequest("test.post", .post, url: server.url)) } == "remote.rejected")
            #expect(server.received.count == 1)
        }
    }

    @Test(arguments: [301, 400, 404, 500])
    func otherStatusesAreRejectedAtOnce(status: Int) async throws {
        try await run(.always(.whole(status, [("Location", "/other")], "{\"error\":\"no\",\"token\":\"abc\"}"))) { client, server in
            do {
                _ = try await client.send(RemoteRequest("test.get", url: server.url))
                Issue.record("must throw")
            } catch let error as ParleyError {
                let rejection = try #require(error.cause as? RemoteRejection)
                #expect(error.code == .remoteRejected && rejection.status == status)
                #expect(rejection.body == "{\"error\":\"no\",\"token\":\"••••\"}")
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func aLongRetryAfterIsHandedOn() async throws {
        try await run(.always(.whole(429, [("Retry-After", "3600")]))) { client, server in
            let error = await #expect(throws: ParleyError.self) { _ = try await client.send(RemoteRequest("test.get", url: server.url)) }
            #expect(error?.retryAfter == .seconds(3600))
            #expect(server.received.count == 1)
        }
    }

    @Test func silenceIsATimeout() async throws {
        try await run(.always(.silence), configuration { $0.deadline = .milliseconds(50) }) { client, server in
            #expect(await code { _ = try await client.send(RemoteRequest("test.get", url: server.url)) } == "remote.timeout")
        }
        try await run(.always(.pieces(["a"], then: .silence)), configuration { $0.deadline = .milliseconds(200) }) { client, server in
            #expect(await code { _ = try await client.send(RemoteRequest("test.get", url: server.url)) } == "remote.timeout")
        }
    }

    @Test func anEmptyPortIsUnreachableAndOpensTheCircuit() async throws {
        let settings = configuration { ($0.attempts, $0.breakerFailures, $0.breakerPause) = (2, 3, .seconds(60)) }
        try await run(.always(.whole(200)), settings) {
            client, _ in
            let free = try await LocalServer.with(.always(.silence)) { $0.url }
            let request = RemoteRequest("test.get", url: free)
            #expect(await code { _ = try await client.send(request) } == "remote.unreachable")
            #expect(await code { _ = try await client.send(request) } == "remote.unreachable")
            let error = await #expect(throws: ParleyError.self) { _ = try await client.send(request) }
            #expect(error?.code == .remoteCircuitOpen && error?.retryAfter.map { $0 > .seconds(50) } == true)
            #expect(client.telemetry.metrics.prometheusText().contains("\"} 2\n"))
        }
    }

    @Test(arguments: ["", "ftp://localhost/x", "http://", "localhost:80", "http:///x"])
    func addressesMustBeWebAddresses(url: String) async throws {
        try await run(.always(.silence)) { client, _ in
            #expect(await code { _ = try await client.send(RemoteRequest("test.get", url: url)) } == "remote.unreachable")
        }
    }

    @Test func answersAreBounded() async throws {
        let text = String(repeating: "x", count: 5000)
        for answer in [LocalServer.Answer.whole(200, [], text), .pieces([text], then: .end)] {
            try await run(.always(answer), configuration { $0.maxResponse = .kib(4) }) { client, server in
                #expect(await code { _ = try await client.send(RemoteRequest("test.get", url: server.url)) } == "remote.too_large")
            }
        }
    }

    @Test func whatIsNoJSONIsAnInvalidAnswer() async throws {
        try await run(.always(.whole(200, [], "<html>"))) { client, server in
            #expect(
                await code { _ = try await client.json(RemoteRequest("test.get", url: server.url)) }
                    == "remote.invalid_answer")
        }
    }

    @Test func streamsEvents() async throws {
        let pieces = ["data: a\n", "\ndata: gr\u{FC}n", "\n\n", "data: [DONE]\n\n"]
        try await run(.always(.pieces(pieces, then: .silence))) { client, server in
            var data: [String] = []
            let status = try await client.stream(RemoteRequest("test.stream", .post, url: server.url)) { stream in
                for try await event in stream.events {
                    if event.data == "[DONE]" { break }
                    data.append(event.data)
                }
                return stream.status
            }
            #expect(status == 200 && data == ["a", "gr\u{FC}n"])
        }
    }

    @Test func streamsTellSilenceAndCuts() async throws {
        for (end, expected) in [(LocalServer.End.silence, "remote.timeout"), (.cut, "remote.unreachable")] {
            try await run(.always(.pieces(["one"], then: end)), configuration { $0.idleTimeout = .milliseconds(500) }) { client, server in
                var received: [UInt8] = []
                let told = await code {
                    try await client.stream(RemoteRequest("test.stream", url: server.url)) { stream in
                        for try await chunk in stream.chunks { received += chunk }
                    }
                }
                #expect(told == expected && received == Array("one".utf8))
            }
        }
    }

    @Test func aSlowReaderIsNoSilence() async throws {
        try await run(.always(.pieces(["one", "two"], then: .end)), configuration { $0.idleTimeout = .milliseconds(500) }) {
            client, server in
            let length = try await client.stream(RemoteRequest("test.stream", url: server.url)) { stream in
                try await Task.sleep(for: .milliseconds(600))
                var length = 0
                for try await chunk in stream.chunks { length += chunk.count }
                return length
            }
            #expect(length == 6)
        }
    }

    @Test func aForgottenClientClosesItself() async throws {
        try await LocalServer.with(.always(.whole(200))) { server in
            let response = try await RemoteClient(telemetry: telemetry()).send(RemoteRequest("test.get", url: server.url))
            #expect(response.status == 200)
        }
    }

    @Test func cancellingEndsTheCall() async throws {
        try await run(.always(.silence)) { client, server in
            let request = RemoteRequest("test.get", url: server.url)
            let call = Task { try await client.send(request) }
            while server.received.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            call.cancel()
            await #expect(throws: CancellationError.self) { _ = try await call.value }
            #expect(client.telemetry.recentSpans.newest().first?.outcome == .cancelled)
        }
    }

    @Test func theBulkheadRefusesWhenFull() async throws {
        try await run(.always(.pieces(["x"], then: .silence)), configuration { $0.maxConcurrent = 1 }) { client, server in
            let url = server.url
            try await client.stream(RemoteRequest("test.stream", url: url)) { _ in
                var second = RemoteRequest("test.stream", url: url)
                second.deadline = .milliseconds(20)
                let request = second
                #expect(await code { try await client.stream(request) { _ in } } == "remote.busy")
            }
            #expect(server.received.count == 1)
        }
    }
}
