import ParleyCore
import ParleyTelemetry
import Synchronization
import Testing

@testable import ParleyHTTP

@Suite struct RateTests {
    private let policy = RatePolicy(name: "question", quota: 3, window: .seconds(60))

    /// A clock that stands still until it is moved.
    private final class Hand: Sendable {
        private let moment = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { moment.withLock { $0 } }
        func move(_ duration: Duration) { moment.withLock { $0 += duration } }
    }

    @Test func aBucketEmptiesAndFillsEvenly() {
        let hand = Hand()
        let store = MemoryRateStore { hand.now }
        #expect((0..<3).map { _ in store.take(1, from: "ada", policy).remaining } == [2, 1, 0])
        let refused = store.take(1, from: "ada", policy)
        #expect(!refused.isAllowed && refused.remaining == 0 && refused.wait == .seconds(20) && refused.reset == .seconds(60))
        #expect(store.take(1, from: "grace", policy).isAllowed, "each caller has a bucket of their own")
        hand.move(.seconds(20))
        #expect(store.take(1, from: "ada", policy).isAllowed)
        #expect(!store.take(1, from: "ada", policy).isAllowed)
        hand.move(.seconds(3600))
        #expect(store.take(1, from: "ada", policy).remaining == 2, "it holds no more than the quota")
    }

    @Test func severalAreTakenTogetherOrNot() {
        let hand = Hand()
        let store = MemoryRateStore { hand.now }
        #expect(store.take(2, from: "ada", policy).remaining == 1)
        let refused = store.take(2, from: "ada", policy)
        #expect(!refused.isAllowed && refused.remaining == 1 && refused.wait == .seconds(20))
        #expect(store.take(1, from: "ada", policy).remaining == 0, "what was refused took nothing")
        let whole = store.take(100, from: "ada", policy)
        #expect(!whole.isAllowed && whole.wait == .seconds(60))
        hand.move(.seconds(60))
        #expect(store.take(100, from: "ada", policy).remaining == 0, "more than the whole quota takes all of it")
        #expect(!store.take(1, from: "ada", policy).isAllowed)
    }

    @Test func aMeterTakesWhatTheRequestCountsAs() async throws {
        let hand = Hand()
        let meter = RateMeter()
        try await meter.take(9, of: .question)
        #expect(meter.decision == nil, "nobody pays for what was never on the wire")
        meter.open(
            RateMeter.Account(
                caller: "ada", policies: [.question: policy], store: MemoryRateStore { hand.now }, telemetry: .silent()))
        try await meter.take(1, of: .question)
        try await meter.take(3, of: .question, taken: 1)
        #expect(meter.decision?.remaining == 0)
        try await meter.take(5, of: .bulk)
        hand.move(.seconds(20))
        try await meter.take(1, of: .question)
        let refused = await #expect(throws: ParleyError.self) { try await meter.take(2, of: .question, taken: 1) }
        #expect(refused?.code == .rateExceeded && refused?.message.contains("2 requests") == true)
        #expect(refused?.retryAfter == .seconds(40), "sent again, it takes two")
        hand.move(.seconds(40))
        try await meter.take(1, of: .question)
        try await meter.take(2, of: .question, taken: 1)
    }

    @Test func whoAsksTooOftenIsToldWhen() async throws {
        let configuration = HTTPServer.Configuration.test {
            $0.rates.policies[.ordinary] = RatePolicy(name: "ordinary", quota: 2, window: .seconds(60))
        }
        try await withServer(configuration: configuration) { port, _ in
            let first = try await fetch(port, "GET /v1/me", ["Authorization: Bearer admin-token"])
            #expect(first.status == 200 && first["ratelimit-policy"] == "\"ordinary\";q=2;w=60")
            #expect(first["ratelimit"] == "\"ordinary\";r=1;t=30")
            _ = try await fetch(port, "GET /v1/me", ["Authorization: Bearer admin-token"])
            let third = try await fetch(port, "GET /v1/me", ["Authorization: Bearer admin-token"])
            #expect(third.status == 429 && third.json["code"] == "rate.exceeded" && third["ratelimit"] == "\"ordinary\";r=0;t=60")
            #expect(third["retry-after"].flatMap { Int($0) }.map { (1...30).contains($0) } == true)
            #expect(try await fetch(port, "GET /v1/me", ["Authorization: Bearer viewer-token"]).status == 200)
            let guesses = try await [
                fetch(port, "GET /v1/me", ["Authorization: Bearer a"]), fetch(port, "GET /v1/me", ["Authorization: Bearer b"]),
            ]
            #expect(guesses.map(\.status) == [401, 401])
            #expect(try await fetch(port, "GET /v1/me", ["Authorization: Bearer c"]).status == 429, "guesses count against the address")
        }
    }

    @Test func theAddressComesFromTheProxiesThatAreKnown() {
        var limits = RateLimits(SettingsReader())
        #expect(limits.address("10.0.0.1", forwarded: "1.2.3.4") == "10.0.0.1", "nobody is believed by default")
        limits.hops = 1
        #expect(limits.address("10.0.0.1", forwarded: "6.6.6.6, 1.2.3.4") == "1.2.3.4")
        limits.hops = 2
        #expect(limits.address("10.0.0.1", forwarded: "6.6.6.6, 1.2.3.4, 10.0.0.2") == "1.2.3.4")
        #expect(limits.address("10.0.0.1", forwarded: "1.2.3.4") == "10.0.0.1" && limits.address("10.0.0.1", forwarded: nil) == "10.0.0.1")
    }
}
