/// 16 bytes that name a trace, never all zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    let high, low: UInt64
    /// 32 lower-case hexadecimal digits.
    public var description: String { Hex.text(high) + Hex.text(low) }

    static func random() -> Self { Self(high: .random(in: 1...UInt64.max), low: .random(in: 0...UInt64.max)) }
}

/// 8 bytes that name a span, never all zero.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    let value: UInt64
    /// 16 lower-case hexadecimal digits.
    public var description: String { Hex.text(value) }

    static func random() -> Self { Self(value: .random(in: 1...UInt64.max)) }
}

/// Where the running task stands in a trace (W3C Trace Context, level 1), and the request or job it works for.
public struct TraceContext: Sendable, Hashable {
    /// The context of the running task; children inherit it.
    @TaskLocal public static var current: TraceContext?

    public let traceID: TraceID
    public let spanID: SpanID
    public let sampled: Bool
    /// Vendor data, passed on as it came.
    public let tracestate: String?
    public var requestID: String?
    public var jobID: String?

    /// A new trace.
    public init(requestID: String? = nil, jobID: String? = nil) {
        (traceID, spanID, sampled, tracestate) = (.random(), .random(), true, nil)
        (self.requestID, self.jobID) = (requestID, jobID)
    }

    private init(traceID: TraceID, spanID: SpanID, sampled: Bool, tracestate: String?, requestID: String?, jobID: String?) {
        (self.traceID, self.spanID, self.sampled, self.tracestate) = (traceID, spanID, sampled, tracestate)
        (self.requestID, self.jobID) = (requestID, jobID)
    }

    /// Reads the `traceparent` and `tracestate` headers. Nil when the former is not valid: then the caller starts a new trace.
    /// A `tracestate` that is not valid is dropped alone, as the recommendation asks.
    public init?(traceparent: String, tracestate: String? = nil, requestID: String? = nil, jobID: String? = nil) {
        guard let parent = TraceParent(traceparent) else { return nil }
        self.init(
            traceID: parent.traceID, spanID: parent.spanID, sampled: parent.flags & 1 == 1,
            tracestate: tracestate.flatMap { TraceState.valid($0) }, requestID: requestID, jobID: jobID)
    }

    /// The caller's trace when its header is valid, else a new one.
    public static func continuing(
        traceparent: String?, tracestate: String? = nil, requestID: String? = nil, jobID: String? = nil
    ) -> TraceContext {
        traceparent.flatMap { TraceContext(traceparent: $0, tracestate: tracestate, requestID: requestID, jobID: jobID) }
            ?? TraceContext(requestID: requestID, jobID: jobID)
    }

    /// The header to send on: version 00.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(sampled ? "01" : "00")" }

    /// A new span of the same trace.
    public func child() -> TraceContext {
        Self(traceID: traceID, spanID: .random(), sampled: sampled, tracestate: tracestate, requestID: requestID, jobID: jobID)
    }
}
