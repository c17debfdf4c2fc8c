public import Foundation

/// A moment in UTC with millisecond precision: what is stored, compared and put on the wire.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(_ date: Date) { milliseconds = Int64(rounding: date.timeIntervalSince1970 * 1000) }

    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// The moment this long after.
    public static func + (a: Self, b: Duration) -> Self { Self(milliseconds: a.milliseconds.addingClamped(b.milliseconds)) }
    public static func - (a: Self, b: Duration) -> Self { Self(milliseconds: a.milliseconds.subtractingClamped(b.milliseconds)) }
    public static func - (a: Self, b: Self) -> Duration { .milliseconds(a.milliseconds.subtractingClamped(b.milliseconds)) }
}

extension Timestamp: CustomStringConvertible {
    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

    /// RFC 3339 with milliseconds and `Z`, e.g. `2026-11-22T09:30:00.000Z`.
    /// By whole numbers: the formatter of `Date` cuts the milliseconds of every fourth moment one too low.
    public var description: String {
        let (days, rest) = Self.divide(milliseconds, 86_400_000)
        let (year, month, day) = Self.civil(days)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let thousandths = String(String(1000 + rest % 1000).dropFirst())
        // fits: a year below 1000 has 3 digits at most
        let date = (year < 1000 ? String(repeating: "0", count: 4 - String(max(0, year)).count) : "") + "\(year)-\(two(month))-\(two(day))"
        return "\(date)T\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(thousandths)Z"
    }

    /// Year, month and day of a day counted from 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Division that rounds down, with a remainder that is never negative.
    private static func divide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)  // fits: both divisors are above 0
        return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
    }

    /// Reads RFC 3339 with or without fractional seconds; nil when the text is no such moment.
    public init?(rfc3339 text: String) {
        guard let date = (try? Self.format.parse(text)) ?? (try? Self.wholeSeconds.parse(text)) else { return nil }
        self.init(date)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero; as many as there can be for what is longer.
    public var milliseconds: Int64 {
        components.seconds.multipliedClamped(by: 1000).addingClamped(components.attoseconds / 1_000_000_000_000_000)
    }
    /// Seconds with their fraction.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Tells the time. Passed in wherever time matters, so that tests can hold it.
public protocol WallClock: Sendable {
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}
    public func now() -> Timestamp { Timestamp(Date()) }
}
