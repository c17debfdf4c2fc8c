public import ParleyCore

extension ErrorCode {
    public static let remoteUnreachable = Self("remote.unreachable", .unavailable, "A service that is needed cannot be reached")
    public static let remoteTimeout = Self("remote.timeout", .timeout, "A service that is needed did not answer in time")
    public static let remoteRejected = Self("remote.rejected", .upstream, "A service that is needed refused the request")
    public static let remoteCircuitOpen = Self(
        "remote.circuit_open", .unavailable, "A service that is needed failed repeatedly and is left alone for a while")
    public static let remoteBusy = Self("remote.busy", .unavailable, "Too many requests to a service that is needed are under way")
    public static let remoteTooLarge = Self("remote.too_large", .upstream, "A service that is needed sent more than is allowed")
    public static let addressRefused = Self("remote.address_refused", .unprocessable, "The address must not be called")
    public static let remoteInvalidAnswer = Self(
        "remote.invalid_answer", .upstream, "A service that is needed sent an answer that cannot be understood")
}

/// What the other side said when it refused: the cause of `remote.rejected`.
public struct RemoteRejection: Error, Sendable, CustomStringConvertible {
    /// Any status but 2xx; redirects are not followed.
    public let status: Int
    /// The beginning of the answer, without secrets.
    public let body: String
    public let retryAfter: Duration?
    /// Where a redirect leads.
    public let location: String?

    public var description: String { "status \(status): \(body)" }
}

/// Where a call failed; for the log.
struct RemoteFailure: Error, CustomStringConvertible {
    let host: String
    let reason: any Error
    var description: String { "\(host): \(reason)" }
}
