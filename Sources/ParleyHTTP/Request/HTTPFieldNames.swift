import HTTPTypes

extension HTTPField.Name {
    static let requestID = parsed("X-Request-Id")
    static let traceparent = parsed("traceparent")
    static let tracestate = parsed("tracestate")
    static let rateLimit = parsed("RateLimit")
    static let rateLimitPolicy = parsed("RateLimit-Policy")
    static let forwardedFor = parsed("X-Forwarded-For")
    static let forwarded = parsed("Forwarded")
    static let realAddress = parsed("X-Real-IP")
    /// The first one is the request's authority and stands apart; what is left is one too many.
    static let secondHost = parsed("Host")
    static let permissionsPolicy = parsed("Permissions-Policy")
    static let referrerPolicy = parsed("Referrer-Policy")
    static let openerPolicy = parsed("Cross-Origin-Opener-Policy")
    static let resourcePolicy = parsed("Cross-Origin-Resource-Policy")

    /// A header's name from a literal; one that were no name would be `Via`, which nothing here reads.
    static func parsed(_ text: String) -> Self { Self(text) ?? .via }
}
