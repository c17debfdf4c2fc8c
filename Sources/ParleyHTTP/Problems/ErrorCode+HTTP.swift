import ParleyAuthority
public import ParleyCore

extension ErrorCode {
    public static let malformedRequest = Self("request.malformed", .invalid, "The request cannot be understood")
    public static let malformedJSON = Self("request.malformed_json", .invalid, "The body is not valid JSON")
    public static let malformedMultipart = Self("request.malformed_multipart", .invalid, "The multipart body cannot be understood")
    public static let wrongHost = Self("request.wrong_host", .invalid, "The Host header names another server")
    public static let wrongOrigin = Self("request.wrong_origin", .forbidden, "The request comes from a foreign web page")
    public static let methodNotAllowed = Self("request.method_not_allowed", .methodNotAllowed, "This resource does not know the method")
    public static let notAcceptable = Self("request.not_acceptable", .notAcceptable, "No acceptable form of the answer")
    public static let tooLarge = Self("request.too_large", .tooLarge, "The request is too large")
    public static let mediaType = Self("request.media_type", .unsupportedMediaType, "The body's media type is not supported")
    public static let rangeNotSatisfiable = Self("request.range", .invalid, "The byte range lies outside the file")
    public static let incompleteRequest = Self("request.incomplete", .invalid, "The request ended too early")
    public static let tooSlow = Self("request.too_slow", .requestTimeout, "The request came too slowly")
    public static let cancelled = Self("request.cancelled", .unavailable, "The request was cancelled")

    /// What any endpoint can answer, before or around its handler.
    static let ofTheDoor: [ErrorCode] =
        [
            .internal, .invalidInput, .notFound, .unavailable, .unauthenticated, .forbidden, .projectNotFound, .malformedRequest,
            .malformedJSON,
            .malformedMultipart, .wrongHost, .wrongOrigin, .methodNotAllowed, .notAcceptable, .tooLarge, .mediaType, .rangeNotSatisfiable,
            .incompleteRequest, .tooSlow, .cancelled, .malformedEncoding, .inflatesTooMuch, .unknownVersion, .wrongCursor,
            .preconditionFailed,
            .preconditionRequired, .endpointGone, .rateExceeded,
        ] + ofIdempotency
}

extension ParleyError {
    /// A body over its limit.
    static func tooLarge(_ limit: Int64) -> Self { Self(.tooLarge, "The body is larger than the \(limit) bytes that are allowed here.") }
}
