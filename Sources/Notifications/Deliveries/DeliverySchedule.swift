import ParleyCore

/// When a message is tried again: soon at first, then ever more seldom, over about four days (the example of Standard Webhooks, with a
/// second day).
struct DeliverySchedule: Sendable {
    private static let pauses: [Duration] = [
        .seconds(5), .seconds(300), .seconds(1800), .seconds(7200), .seconds(18_000), .seconds(36_000), .seconds(50_400), .seconds(72_000),
        .seconds(86_400), .seconds(86_400),
    ]

    /// Attempts in all.
    static let attempts = pauses.count + 1

    /// The pause after so many failed attempts; nil when there is none left.
    /// - Parameters:
    ///   - retryAfter: what the receiver asked for; up to a day it is the least wait.
    ///   - random: from 0 to 1; a tenth of the pause is chance, so that what failed together does not come back together.
    static func pause(failed: Int, retryAfter: Duration?, random: Double) -> Duration? {
        guard failed >= 1, failed <= pauses.count else { return nil }
        let pause = pauses[failed - 1]
        let asked = min(retryAfter ?? .zero, .seconds(86_400))
        return max(pause + pause * (0.1 * random), asked)  // fits: a tenth of a day at most
    }
}
