public import Foundation

/// The `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
public enum RetryAfter {
    private static let longest = 86_400 * 365

    /// Nil for what is neither, or longer than a year.
    public static func parse(_ text: String, now: Date = Date()) -> Duration? {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Int(trimmed) { return (0...longest).contains(seconds) ? .seconds(seconds) : nil }
        guard let seconds = httpDate(trimmed)?.timeIntervalSince(now), seconds <= Double(longest) else { return nil }
        return .milliseconds(Int(rounding: max(0, seconds) * 1000))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that may be sent.
    private static func httpDate(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
