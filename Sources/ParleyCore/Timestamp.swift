public import Foundation

/// A moment in UTC with millisecond precision: what is stored, compared and put on the wire.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(_ date: Date) { milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    /// The moment this long after.
    public static func + (a: Self, b: Duration) -> Self { Self(milliseconds: a.milliseconds + b.milliseconds) }
    public static func - (a: Self, b: Duration) -> Self { Self(milliseconds: a.milliseconds - b.milliseconds) }
    public static func - (a: Self, b: Self) -> Duration { .milliseconds(a.milliseconds - b.milliseconds) }
}

extension Timestamp: CustomStringConvertible {
    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

    /// RFC 3339 with milliseconds and `Z`, e.g. `2026-11-22T09:30:00.000Z`.
    public var description: String { Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(Self.format) }

    /// Reads RFC 3339 with or without fractional seconds; nil when the text is no such moment.
    public init?(rfc3339 text: String) {
        guard let date = (try? Self.format.parse(text)) ?? (try? Self.wholeSeconds.parse(text)) else { return nil }
        self.init(date)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
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
