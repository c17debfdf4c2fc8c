import Hummingbird
import NIOCore
import NIOHTTP1
public import ParleyCore

extension ErrorKind {
    /// The status of every error of the kind (RFC 9110 §15).
    public var status: Int {
        switch self {
        case .invalid: 400
        case .unauthenticated: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .requestTimeout: 408
        case .conflict: 409
        case .preconditionFailed: 412
        case .tooLarge: 413
        case .unsupportedMediaType: 415
        case .unprocessable: 422
        case .preconditionRequired: 428
        case .gone: 410
        case .tooManyRequests: 429
        case .internalFailure: 500
        case .upstream: 502
        case .unavailable: 503
        case .timeout: 504
        case .insufficientStorage: 507
        }
    }
}

extension ParleyError {
    /// Any error as one that may be told. What is not known becomes `internal`, and its text stays in the log.
    init(mapping error: any Error) {
        switch error {
        case let error as ParleyError where error.code == .internal && error.message != Self.internalMessage:
            self.init(.internal, Self.internalMessage, cause: error)
        case let error as ParleyError: self = error
        case is CancellationError: self.init(.cancelled, "The request was cancelled before it was done.")
        case HTTPParserError.invalidEOFState: self.init(.incompleteRequest, "The connection ended before the request did.", cause: error)
        case is ChannelError, is IOError: self.init(.cancelled, "The connection ended before the request did.", cause: error)
        case is HTTPParserError: self.init(.malformedRequest, "The request's body is not valid HTTP/1.1.", cause: error)
        case is NIOTooManyBytesError: self.init(.tooLarge, "The body is too large.")
        case let error as HTTPError: self.init(mapping: error)
        case is DecodingError: self.init(.malformedRequest, "The body is not in the form that this endpoint takes.", cause: error)
        default: self.init(.internal, Self.internalMessage, cause: error)
        }
    }

    private init(mapping error: HTTPError) {
        switch error.status.code {
        case 404: self.init(.notFound, "There is nothing at this path.")
        case 405: self.init(.methodNotAllowed, "This resource does not know the method.")
        case 413: self.init(.tooLarge, "The body is too large.")
        case 415: self.init(.mediaType, "The body's media type is not supported here.")
        case 400..<500: self.init(.malformedRequest, error.body ?? "The request cannot be understood.")
        default: self.init(.internal, Self.internalMessage, cause: error)
        }
    }

    private static let internalMessage = "Something went wrong on the server. Tell its operator the request id."
}
