import Testing

@testable import ParleyRemote

@Suite struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func ticket(_ breaker: inout CircuitBreaker, _ seconds: Int) throws -> CircuitBreaker.Ticket {
        guard case .go(let ticket) = breaker.ask(at: start + .seconds(seconds)) else { throw Refused() }
        return ticket
    }

    private struct Refused: Error {}

    private func call(_ breaker: inout CircuitBreaker, _ seconds: Int, _ outcome: CircuitBreaker.Outcome) throws {
        breaker.record(outcome, of: try ticket(&breaker, seconds), at: start + .seconds(seconds))
    }

    @Test func opensAfterFailuresInARow() throws {
        var breaker = CircuitBreaker(failureLimit: 3, pause: .seconds(10))
        for outcome in [CircuitBreaker.Outcome.failure, .failure, .success, .failure, .neither, .failure] { try call(&breaker, 0, outcome) }
        #expect(breaker.state == .closed(failures: 2))
        try call(&breaker, 1, .failure)
        #expect(breaker.state == .open(until: start + .seconds(11)))
        #expect(breaker.ask(at: start + .seconds(2)) == .refused(.seconds(9)))
    }

    @Test func oneTrialDecides() throws {
        var breaker = CircuitBreaker(failureLimit: 1, pause: .seconds(10))
        try call(&breaker, 0, .failure)
        let trial = try ticket(&breaker, 10)
        #expect(breaker.state == .halfOpen)
        #expect(breaker.ask(at: start + .seconds(10)) == .refused(.seconds(10)))
        breaker.record(.failure, of: trial, at: start + .seconds(12))
        #expect(breaker.state == .open(until: start + .seconds(22)))
        try call(&breaker, 22, .success)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func aCancelledTrialLeavesRoomForTheNext() throws {
        var breaker = CircuitBreaker(failureLimit: 1, pause: .seconds(10))
        try call(&breaker, 0, .failure)
        try call(&breaker, 10, .neither)
        #expect(breaker.state == .halfOpen)
        try call(&breaker, 10, .success)
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func latecomersOfAnEarlierStateDoNotCount() throws {
        var breaker = CircuitBreaker(failureLimit: 1, pause: .seconds(10))
        let early = try ticket(&breaker, 0)
        try call(&breaker, 0, .failure)
        breaker.record(.success, of: early, at: start + .seconds(1))
        #expect(breaker.state == .open(until: start + .seconds(10)))
        let trial = try ticket(&breaker, 10)
        breaker.record(.failure, of: early, at: start + .seconds(11))
        #expect(breaker.state == .halfOpen)
        breaker.record(.success, of: trial, at: start + .seconds(11))
        breaker.record(.failure, of: trial, at: start + .seconds(11))
        #expect(breaker.state == .closed(failures: 0))
    }
}
