/// A metric, declared once as a value, so that the code that counts, the exposition and the documentation agree.
public struct Metric: Sendable, Hashable {
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    public let kind: Kind
    /// Prometheus name: `parley_http_requests_total`.
    public let name: String
    /// One sentence.
    public let help: String
    /// Names of the labels, in the order of the exposition.
    public let labels: [String]
    /// Upper bounds of a histogram's buckets, ascending, without infinity.
    public let buckets: [Double]

    /// Bounds for durations in seconds, from one millisecond to one minute.
    public static let seconds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    /// A number that only grows; its name ends with `_total`.
    public static func counter(_ name: String, _ help: String, labels: [String] = []) -> Metric {
        Metric(kind: .counter, name: name, help: help, labels: labels, buckets: [])
    }

    /// A number that goes up and down.
    public static func gauge(_ name: String, _ help: String, labels: [String] = []) -> Metric {
        Metric(kind: .gauge, name: name, help: help, labels: labels, buckets: [])
    }

    /// A distribution.
    public static func histogram(_ name: String, _ help: String, labels: [String] = [], buckets: [Double] = seconds) -> Metric {
        Metric(kind: .histogram, name: name, help: help, labels: labels, buckets: buckets.sorted())
    }

    /// The histogram that `Telemetry.span` fills for this name.
    public static func span(_ name: String) -> Metric {
        let safe = String(
            name.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) ? Character($0) : "_" })
        return .histogram("parley_\(safe)_seconds", "Duration of \(name) in seconds.", labels: ["outcome"])
    }
}
