import ParleyCore

extension Endpoint {
    /// The headers of an answer with the status, of which any but the required ones may be missing.
    func answerHeaders(_ status: Int) -> [DeclaredHeader] {
        (200..<400).contains(status) ? common + success(status) : common + DeclaredHeader.error(status)
    }

    /// What every answer has.
    private var common: [DeclaredHeader] {
        var headers = [DeclaredHeader.requestID]
        if rate != .health { headers += [.rateLimit, .rateLimitPolicy] }
        if path.hasPrefix("/v1/") { headers.append(.spoken) }
        if deprecation != nil { headers += [.deprecation, .sunset, .successor] }
        return headers
    }

    private func success(_ status: Int) -> [DeclaredHeader] {
        var headers: [DeclaredHeader] = []
        if !isForeign, [201, 202].contains(status) {
            headers.append(.location)
        } else if makesResource {
            headers.append(.locationOfKnown)
        }
        if givesTag || (takesMatch && method != .delete) { headers.append(.eTag) }
        if givesRanges { headers += [.acceptRanges, .contentDisposition] }
        if status == 206 { headers.append(.contentRange) }
        if case .page = output, status == 200, deprecation == nil { headers.append(.link) }
        if isIdempotencyKeyed { headers.append(.replayed) }
        if canBeMinimal || canGoOn { headers.append(.preferenceApplied) }
        return headers
    }
}

extension DeclaredHeader {
    /// Of an error with the status.
    static func error(_ status: Int) -> [DeclaredHeader] {
        switch status {
        case 401: [.authenticate]
        case 405: [.allow]
        case 416: [.contentRange]
        case 409, 429, 502, 503, 507: [.retryAfter]
        default: []
        }
    }

    fileprivate static let requestID = Self("X-Request-Id", "The request's name in our logs; yours when you sent one.")
    fileprivate static let rateLimit = Self("RateLimit", "What is left of your budget of requests, and when it is whole again.")
    fileprivate static let rateLimitPolicy = Self("RateLimit-Policy", "Your budget of requests.")
    fileprivate static let spoken = Self("Parley-Version", "The dated version of the API that is spoken.")
    fileprivate static let deprecation = Self("Deprecation", "Since when the endpoint should not be used any more (RFC 9745).")
    fileprivate static let sunset = Self("Sunset", "From when the endpoint is gone (RFC 8594).")
    fileprivate static let successor = Self("Link", as: "Link.deprecated", "What to use instead, and the pages before and after.")
    fileprivate static let location = Self("Location", "Where the resource is.", isRequired: true)
    fileprivate static let locationOfKnown = Self("Location", as: "Location.known", "Where the resource is.")
    fileprivate static let eTag = Self("ETag", "The version, for `If-None-Match` and `If-Match`.")
    fileprivate static let acceptRanges = Self("Accept-Ranges", "`bytes`: parts can be asked for.")
    fileprivate static let contentDisposition = Self("Content-Disposition", "The file's name.")
    fileprivate static let contentRange = Self("Content-Range", "Which bytes these are, and of how many.")
    fileprivate static let link = Self("Link", "The pages before and after (RFC 8288).")
    fileprivate static let replayed = Self("Idempotency-Replayed", "`true` when this is the answer of an earlier attempt.")
    fileprivate static let preferenceApplied = Self("Preference-Applied", "What of `Prefer` was followed.")
    fileprivate static let authenticate = Self("WWW-Authenticate", "How to sign in: with a bearer token.")
    fileprivate static let allow = Self("Allow", "The methods that the path has.")
    fileprivate static let retryAfter = Self("Retry-After", "Seconds after which another attempt makes sense.", ["type": "integer"])
}
