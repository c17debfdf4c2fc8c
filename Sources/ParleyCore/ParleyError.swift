/// The family an error belongs to; the HTTP layer maps each to one status.
public enum ErrorKind: String, Sendable, CaseIterable {
    case invalid, unauthenticated, forbidden, notFound, methodNotAllowed, notAcceptable, requestTimeout, conflict, preconditionFailed
    case preconditionRequired, gone
    case tooLarge, unsupportedMediaType, unprocessable, tooManyRequests
    case internalFailure, upstream, unavailable, timeout, insufficientStorage
}

/// A stable name for one thing that can go wrong. Each component declares its own as static members;
/// clients switch on `name`, which never changes meaning.
public struct ErrorCode: Hashable, Sendable {
    /// Dotted and stable, e.g. `document.not_found`.
    public let name: String
    public let kind: ErrorKind
    /// A short sentence that is the same for every occurrence.
    public let title: String

    public init(_ name: String, _ kind: ErrorKind, _ title: String) {
        (self.name, self.kind, self.title) = (name, kind, title)
    }

    public static func == (a: Self, b: Self) -> Bool { a.name == b.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// True when the fault is ours or a dependency's, so that it is logged as an error rather than as information.
    public var isFault: Bool {
        switch kind {
        case .internalFailure, .upstream, .unavailable, .timeout, .insufficientStorage: true
        default: false
        }
    }
}

extension ErrorCode {
    public static let `internal` = Self("internal", .internalFailure, "Something went wrong on the server")
    public static let invalidInput = Self("input.invalid", .unprocessable, "The input is not valid")
    public static let notFound = Self("not_found", .notFound, "There is no such resource")
    public static let unavailable = Self("unavailable", .unavailable, "The server cannot do this right now")
}

/// A limit that was met, in whatever unit the message names.
public struct ReachedLimit: Hashable, Sendable {
    public let limit: Int
    public let used: Int

    public init(_ limit: Int, used: Int) { (self.limit, self.used) = (limit, used) }
}

/// An error as the product tells it: a stable code, a message fit for the user, and the cause for the log alone.
public struct ParleyError: Error, Sendable {
    /// Of a message, bytes; what is beyond is cut off.
    private static let longestMessage = 2000

    public var code: ErrorCode
    /// Says what happened and what to do; shown to the caller, so nothing internal stands in it.
    public let message: String
    /// The invalid fields, as far as `FieldErrors` counts them.
    public let fields: [FieldError]
    /// How long to wait before another try, where that helps.
    public var retryAfter: Duration?
    /// The limit that was met and how much of it is used, where they are numbers.
    public var limit: ReachedLimit?
    /// What lay beneath; logged, never shown.
    public var cause: (any Error)?

    public init(
        _ code: ErrorCode, _ message: String, fields: [FieldError] = [], retryAfter: Duration? = nil, limit: ReachedLimit? = nil,
        cause: (any Error)? = nil
    ) {
        (self.code, self.message, self.retryAfter) = (code, message.shortened(to: Self.longestMessage), retryAfter)
        self.fields = Array(fields.prefix(FieldErrors.most))
        (self.limit, self.cause) = (limit, cause)
    }
}

extension ParleyError: CustomStringConvertible {
    public var description: String {
        let list = fields.map { " \($0.pointer): \($0.message)" }.joined(separator: ";")
        return "\(code.name): \(message)\(list)" + (cause.map { " (cause: \($0))" } ?? "")
    }
}
