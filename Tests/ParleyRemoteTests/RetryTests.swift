import Foundation
import ParleyCore
import Testing

@testable import ParleyRemote

@Suite struct RetryTests {
    private let policy = RetryPolicy(attempts: 4)

    private func delay(_ failed: Int, after: Duration? = nil, remaining: Duration = .seconds(60), random: Double = 1) -> Duration? {
        policy.delay(failed: failed, retryAfter: after, remaining: remaining, random: random)
    }

    @Test func growsWithJitterAndEnds() {
        #expect(delay(1) == .milliseconds(100))
        #expect(delay(2) == .milliseconds(200))
        #expect(delay(3, random: 0.5) == .milliseconds(200))
        #expect(delay(3, random: 0) == .zero)
        #expect(delay(4) == nil)
        #expect(RetryPolicy(attempts: 100).delay(failed: 90, retryAfter: nil, remaining: .seconds(60), random: 1) == .seconds(5))
    }

    @Test func theOtherSidesWishIsTheLeast() {
        #expect(delay(1, after: .seconds(3)) == .seconds(3))
        #expect(delay(1, after: .seconds(61)) == nil)
        #expect(delay(1, remaining: .milliseconds(100)) == nil)
    }

    @Test func readsRetryAfter() {
        let now = Date(timeIntervalSince1970: 784_111_770)
        #expect(RetryAfter.parse("120") == .seconds(120))
        #expect(RetryAfter.parse(" 0 ") == .seconds(0))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(7))
        #expect(RetryAfter.parse("Sun, 06 Nov 1994 08:40:00 GMT", now: now) == .seconds(0))
        for text in ["", "-1", "soon", "99999999999999999999"] { #expect(RetryAfter.parse(text) == nil) }
    }
}
