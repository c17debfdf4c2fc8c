import ParleyCore
import ParleyTelemetry
import Testing

@testable import ParleyRemote

@Suite struct PolicyTests {
    @Test func retriesAreAShareOfTheCalls() {
        var budget = RetryBudget(share: 0.5)
        var made = 0
        while budget.takeOut() { made += 1 }
        #expect(made == 10)
        budget.payIn()
        var taken = [budget.takeOut()]
        budget.payIn()
        taken += [budget.takeOut(), budget.takeOut()]
        #expect(taken == [false, true, false])
        for _ in 0..<1000 { budget.payIn() }
        made = 0
        while budget.takeOut() { made += 1 }
        #expect(made == 10, "quiet times save up no storm")
    }

    @Test func aServiceInTroubleIsNotBuriedUnderRetries() async throws {
        var configuration = RemoteClient.Configuration()
        (configuration.retryShare, configuration.breakerFailures) = (0, 1000)
        let client = RemoteClient(configuration, telemetry: .silent())
        try await LocalServer.with(.always(.whole(429, [("Retry-After", "0")]))) { server in
            for _ in 0..<8 { _ = try? await client.send(RemoteRequest("test", url: server.url)) }
            #expect(server.received.count == 8 + 10, "ten retries were saved up, and no more came in")
            #expect(client.telemetry.metrics.prometheusText().contains("parley_remote_retries_refused_total{call=\"test\""))
        }
    }

    @Test func noCallOutlivesTheRequestItServes() async throws {
        let client = RemoteClient(telemetry: .silent())
        try await LocalServer.with(.always(.silence)) { server in
            let error = await #expect(throws: ParleyError.self) {
                try await RequestDeadline.within(.milliseconds(100)) {
                    // An inner limit that is longer changes nothing.
                    try await RequestDeadline.within(.seconds(60)) { _ = try await client.send(RemoteRequest("test", url: server.url)) }
                }
            }
            #expect(error?.code == .remoteTimeout)
            let late = await #expect(throws: ParleyError.self) {
                try await RequestDeadline.within(.zero) { _ = try await client.send(RemoteRequest("test", url: server.url)) }
            }
            #expect(late?.code == .remoteTimeout || late?.code == .remoteBusy)
            #expect(server.received.count == 1, "after the deadline nothing is sent")
        }
    }

    @Test func breakersAndBulkheadsShowThemselves() async throws {
        var configuration = RemoteClient.Configuration()
        (configuration.attempts, configuration.breakerFailures, configuration.breakerPause) = (1, 2, .milliseconds(50))
        let client = RemoteClient(configuration, telemetry: .silent())
        let script = LocalServer.Script { $0.number <= 2 ? .whole(500) : .whole(200) }
        try await LocalServer.with(script) { server in
            func shown(_ metric: String) -> String? {
                client.telemetry.metrics.prometheusText().split(separator: "\n").first { $0.hasPrefix(metric + "{") }
                    .flatMap { $0.split(separator: " ").last }.map(String.init)
            }
            _ = try? await client.send(RemoteRequest("test", url: server.url))
            #expect(client.circuits.map(\.circuit) == [.closed] && shown("parley_remote_circuit_state") == "0")
            _ = try? await client.send(RemoteRequest("test", url: server.url))
            #expect(client.circuits.map(\.circuit) == [.open] && shown("parley_remote_circuit_state") == "2")
            #expect(shown("parley_remote_calls_under_way") == "0")
            try await Task.sleep(for: .milliseconds(60))
            #expect(client.circuits.map(\.circuit) == [.halfOpen] && shown("parley_remote_circuit_state") == "1")
            _ = try await client.send(RemoteRequest("test", url: server.url))
            #expect(client.circuits.map(\.circuit) == [.closed])
        }
    }
}
