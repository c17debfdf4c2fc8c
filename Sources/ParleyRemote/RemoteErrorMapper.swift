import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import ParleyCore
import ParleyTelemetry

/// Turns what the client throws into the errors of this module. Messages name the call, the log gets the host.
struct RemoteErrorMapper: Sendable {
    let call: String
    let host: String

    /// `CancellationError` and `ParleyError` stay as they are.
    func map(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError, is ParleyError: return error
        case let error as HTTPClientError where error == .cancelled && Task.isCancelled: return CancellationError()
        case is Deadline.Exceeded: return timeout(error)
        case let error as HTTPClientError where [.deadlineExceeded, .readTimeout, .writeTimeout].contains(error): return timeout(error)
        default:
            let message = "The service for \(call) cannot be reached. Try again in a while; the reason stands in the server's log."
            return ParleyError(.remoteUnreachable, message, cause: RemoteFailure(host: host, reason: error))
        }
    }

    /// Whether a failure tells that there was no connection, so that nothing was sent.
    static func isUnconnected(_ error: any Error) -> Bool {
        guard let reason = ((error as? ParleyError)?.cause as? RemoteFailure)?.reason else { return false }
        if reason is NIOConnectionError { return true }
        if let error = reason as? IOError { return [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode) }
        return (reason as? HTTPClientError) == .connectTimeout
    }

    func timeout(_ error: any Error) -> ParleyError {
        ParleyError(
            .remoteTimeout, "The service for \(call) did not answer in time. Try again in a while.",
            cause: RemoteFailure(host: host, reason: error))
    }

    func rejected(status: Int, body: [UInt8], _ headers: RemoteHeaders) -> ParleyError {
        let retryAfter = headers["retry-after"].flatMap { RetryAfter.parse($0) }
        let text = Redaction.text(String(decoding: body.prefix(2048), as: UTF8.self))
        return ParleyError(
            .remoteRejected, "The service for \(call) refused the request with status \(status).", retryAfter: retryAfter,
            cause: RemoteRejection(status: status, body: text, retryAfter: retryAfter, location: headers["location"]))
    }

    func tooLarge(_ limit: Int) -> ParleyError {
        ParleyError(.remoteTooLarge, "The service for \(call) sent more than \(ByteSize.bytes(limit)).")
    }

    func circuitOpen(_ wait: Duration) -> ParleyError {
        let message = "The service for \(call) failed several times and is left alone for a while. Try again later."
        return ParleyError(.remoteCircuitOpen, message, retryAfter: wait)
    }

    func busy() -> ParleyError {
        ParleyError(.remoteBusy, "Too many requests for \(call) are under way. Try again in a while.", retryAfter: .seconds(1))
    }

    func invalidAnswer(_ error: any Error) -> ParleyError {
        ParleyError(
            .remoteInvalidAnswer, "The service for \(call) sent an answer that cannot be understood.",
            cause: RemoteFailure(host: host, reason: error))
    }
}
