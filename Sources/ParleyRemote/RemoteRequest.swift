public import Foundation
public import ParleyCore

public enum RemoteMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// True when the same call twice has the effect of one (RFC 9110, section 9.2.2).
    public var isIdempotent: Bool { self != .post && self != .patch }
}

/// One call to another service.
public struct RemoteRequest: Sendable {
    /// What the call is for, e.g. `model.chat`: names the span and the metrics, so it never holds user data.
    public let name: String
    public var method: RemoteMethod
    /// `http` or `https`.
    public var url: String
    public var headers: [(name: String, value: String)] = []
    public var body: [UInt8]?
    /// Sent as `Authorization: Bearer …`, never logged.
    public var bearer: Secret?
    /// `send`: the whole call with all its tries. `stream`: until the answer's head is there. Nil: `remote.deadline`.
    public var deadline: Duration?
    /// A retry that the other side wants later than this is not made. Nil: only the deadline counts.
    public var longestWait: Duration?
    /// `stream`: the longest silence between two pieces. Nil: `remote.idle_timeout`.
    public var idleTimeout: Duration?
    /// Only idempotent calls are tried again.
    public var idempotent: Bool
    /// `send`: nil is `remote.max_response`. `stream`: nil is without limit.
    public var maxResponse: ByteSize?

    public init(_ name: String, _ method: RemoteMethod = .get, url: String) {
        (self.name, self.method, self.url, idempotent) = (name, method, url, method.isIdempotent)
    }

    /// A POST of JSON that asks for JSON.
    /// - Throws: `EncodingError`.
    public static func json(_ name: String, url: String, body: some Encodable, encoder: JSONEncoder = JSONEncoder()) throws -> RemoteRequest
    {
        var request = RemoteRequest(name, .post, url: url)
        request.body = Array(try encoder.encode(body))
        request.headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        return request
    }
}
