import Accounts
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// Who sees how the server is.
@Suite(.serialized) struct MonitoringTests {
    private func seen(_ caller: Caller, _ headers: [String: String] = [:]) async throws -> (metrics: Int, isWhole: Bool) {
        let ready = try await caller.send(.get, "/health/ready", headers)
        #expect(ready.status == 200 && ready.json["status"]?.string != nil, "probes are for everybody")
        let live = try await caller.send(.get, "/health/live", headers)
        let isWhole = ready.json["dependencies"] != .null
        #expect((live.json["uptime_seconds"] != .null) == isWhole && (ready.json["uptime_seconds"] != .null) == isWhole)
        return (try await caller.send(.get, "/metrics", headers).status, isWhole)
    }

    @Test func programsOnThisMachineAndBearers() async throws {
        let application = try await RunningApplication(
            testSettings(TemporaryFolder(), ["metrics-token": "a long and quiet token 42", "embedding-model": "/nowhere/model"]))
        let caller = Caller(base: application.base)
        #expect(try await seen(caller) == (200, true))
        // What a proxy on this machine passed on, or a page made a browser send to a name of its own.
        let foreign = [
            ["X-Forwarded-For": "127.0.0.1"], ["Forwarded": "for=127.0.0.1"], ["X-Real-IP": "::1"], ["Via": "1.1 proxy"],
            ["Host": "rebound.example"],
        ]
        for headers in foreign {
            #expect(try await seen(caller, headers) == (403, false), "\(headers)")
        }
        let refused = try await caller.send(.get, "/metrics", ["Via": "1.1 proxy"])
        #expect(refused.problem == "auth.forbidden")
        let token = ["Via": "1.1 proxy", "Authorization": "Bearer a long and quiet token 42"]
        #expect(try await seen(caller, token) == (200, true))
        #expect(try await seen(caller, ["Via": "1.1 proxy", "Authorization": "Bearer a long and quiet token 43"]) == (403, false))
        let session = try #require(try await application.admin().caller.token)
        #expect(try await seen(caller, ["Via": "1.1 proxy", "Authorization": "Bearer " + session]) == (200, true))
        try await application.stop()
    }

    @Test func behindAProxyAddressesAreThoseThatItNames() async throws {
        let application = try await RunningApplication(
            testSettings(
                TemporaryFolder(),
                [
                    "http-proxy-hops": "1", "metrics-allow": "192.0.2.0/24,2001:db8::/32", "embedding-model": "/nowhere/model",
                    "http-public-url": "https://parley.example.org", "rate-ordinary": "5",
                ]))
        let caller = Caller(base: application.base)
        #expect(try await seen(caller) == (200, true), "this machine's own, since the proxy would name its caller")
        #expect(try await seen(caller, ["X-Forwarded-For": "192.0.2.7"]) == (200, true))
        #expect(try await seen(caller, ["X-Forwarded-For": "2001:db8::1"]) == (200, true))
        #expect(try await seen(caller, ["X-Forwarded-For": "192.0.2.7, 198.51.100.1"]) == (403, false), "the last is what the proxy wrote")
        #expect(try await seen(caller, ["X-Forwarded-For": "127.0.0.1"]) == (403, false))
        // Tokens cannot be guessed at will.
        let guess = ["X-Forwarded-For": "198.51.100.9", "Authorization": "Bearer guess"]
        for _ in 0..<5 { #expect(try await caller.send(.get, "/metrics", guess).status == 403) }
        #expect(try await caller.send(.get, "/metrics", guess).status == 429)
        try await application.stop()
    }

    @Test func whereAProxyMayStandLoopbackIsNobody() async throws {
        let application = try await RunningApplication(
            testSettings(
                TemporaryFolder(), ["http-public-url": "https://parley.example.org", "embedding-model": "/nowhere/model"]))
        #expect(try await seen(Caller(base: application.base)) == (403, false), "a proxy that names nobody sends the like")
        try await application.stop()
    }
}
