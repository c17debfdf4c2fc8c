import Foundation
import HTTPTypes
public import ParleyCore

/// That an endpoint should not be used any more (RFC 9745), and from when it will be gone (RFC 8594).
public struct Deprecation: Sendable {
    public let since: Timestamp
    public let sunset: Timestamp?
    /// What to use instead, for people.
    public let instead: String
    /// The path of the endpoint that takes its place; nil when there is none.
    public let successor: String?

    /// `@` and seconds, as a structured field's date.
    var header: String { "@\(since.milliseconds / 1000)" }
    /// An HTTP date.
    var sunsetHeader: String? { sunset.map { HTTPDate.text($0) } }
}

extension Endpoint {
    /// The same endpoint, declared as deprecated: its answers carry `Deprecation`, `Sunset` and `Link`s to the change log and to what takes
    /// its place. After the sunset it answers 410 alone.
    /// - Parameters:
    ///   - since: a moment, RFC 3339.
    ///   - sunset: not before `since`.
    ///   - successor: the path of another endpoint.
    public func deprecated(since: Timestamp, sunset: Timestamp? = nil, instead: String, successor: String? = nil) -> Endpoint {
        var endpoint = self
        endpoint.deprecation = Deprecation(since: since, sunset: sunset, instead: instead, successor: successor)
        return endpoint
    }
}

extension Endpoint {
    /// Why the endpoint is not there any more.
    var isGone: ParleyError { ParleyError(.endpointGone, "This endpoint is gone. " + (deprecation?.instead ?? "")) }

    /// Its description, and that it is deprecated.
    var wholeDescription: String {
        guard let deprecation else { return description }
        let end = deprecation.sunset.map { " and gone from \($0)" } ?? ""
        let note = "Deprecated since \(deprecation.since)\(end). \(deprecation.instead)"
        return description.isEmpty ? note : description + " " + note
    }
}

extension ErrorCode {
    public static let endpointGone = Self("endpoint.gone", .gone, "The endpoint is not there any more")
}

/// Dates as HTTP writes them (RFC 9110 §5.6.7).
enum HTTPDate {
    static func text(_ moment: Timestamp) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
    }
}
