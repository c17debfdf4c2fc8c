import ParleyCore

extension Endpoint {
    /// The headers that mean something to the endpoint beyond those of content, which OpenAPI tells by media types.
    var requestHeaders: [DeclaredHeader] {
        var headers: [DeclaredHeader] = []
        if isIdempotencyKeyed { headers.append(.idempotencyKey) }
        if takesMatch { headers.append(requiresPrecondition ? .ifMatchRequired : .ifMatch) }
        if takesMatch, method == .put { headers.append(.ifNoneMatchNew) }
        if givesTag { headers.append(.ifNoneMatch) }
        if givesRanges { headers += [.range, .ifRange] }
        if case .events = output { headers.append(.lastEventID) }
        if let prefer { headers.append(prefer) }
        if path.hasPrefix("/v1/") { headers.append(.version) }
        return headers
    }

    /// Whether its reads have a tag to ask by.
    var givesTag: Bool {
        method == .get && cache.allowsTags && (!representations.isEmpty || givesRanges)
    }

    /// Whether it answers files, of which parts can be asked for.
    var givesRanges: Bool { if case .bytes(_, let hasRanges) = output { hasRanges } else { false } }

    /// Whether it is a write whose value can be left out: it answers the resource that it changed, or says where what it made is. A
    /// secret is always told, as it is told only once.
    var canBeMinimal: Bool {
        guard !isForeign, isInMemory, cache != .secret, hasJSON else { return false }
        switch method {
        case .put, .patch: return true
        case .post: return makesResource || otherSuccesses[202] != nil
        case .get, .delete: return false
        }
    }

    /// Whether what it answers is at `Location`.
    var makesResource: Bool { method == .post && !isForeign && [201, 202].contains(status) }

    /// Whether work can go on after the answer.
    var canGoOn: Bool { !isForeign && method != .get && (status == 202 || otherSuccesses[202] != nil) }

    private var hasJSON: Bool { if case .nothing = output { false } else { true } }

    private var prefer: DeclaredHeader? {
        switch (canBeMinimal, canGoOn) {
        case (true, true): .preferBoth
        case (true, false): .preferMinimal
        case (false, true): .preferAsync
        case (false, false): nil
        }
    }
}

extension DeclaredHeader {
    fileprivate static let idempotencyKey = Self(
        "Idempotency-Key", "Carry the request out once, however often it is sent. A random UUID serves well.",
        ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"])
    private static let match = "The `ETag` of the version that the change means; 412 when there is another one by now."
    fileprivate static let ifMatch = Self("If-Match", match)
    fileprivate static let ifMatchRequired = Self("If-Match", as: "If-Match.required", match + " 428 without it.", isRequired: true)
    fileprivate static let ifNoneMatch = Self("If-None-Match", "An `ETag` from before: 304 when nothing has changed.")
    fileprivate static let ifNoneMatchNew = Self(
        "If-None-Match", as: "If-None-Match.new", "`*` only makes what is not there yet; else 412.")
    fileprivate static let range = Self(
        "Range", "One range of bytes, such as `bytes=0-1023`: 206 with this part, 416 when it lies outside.")
    fileprivate static let ifRange = Self(
        "If-Range", "An `ETag` from before: the range is answered if the file is still that one, else all.")
    fileprivate static let lastEventID = Self("Last-Event-ID", "The number of an event from before: the stream goes on after it.")
    fileprivate static let preferMinimal = Self("Prefer", as: "Prefer.minimal", "`return=minimal` for an answer without a body.")
    fileprivate static let preferAsync = Self("Prefer", as: "Prefer.async", "`respond-async` for work that goes on after the answer.")
    fileprivate static let preferBoth = Self(
        "Prefer", as: "Prefer.both", "`return=minimal` for an answer without a body, `respond-async` for work that goes on after it.")
    fileprivate static let version = Self(
        "Parley-Version", "The dated version of the API to speak; the first one when left out.",
        ["type": "string", "enum": .array(VersionHistory.published.versions.map { .string($0.date) })])
}
