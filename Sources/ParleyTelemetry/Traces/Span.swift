public import ParleyCore
import Synchronization

/// How a span ended.
public enum SpanOutcome: String, Sendable, Codable {
    case ok, error, cancelled
}

/// A piece of work that is being timed. Made by `Telemetry.span` alone.
public final class Span: Sendable {
    public let name: String
    public let context: TraceContext
    let parent: SpanID?
    let start: Timestamp
    private let begun = ContinuousClock.now
    private let details: Mutex<Details>

    private struct Details {
        var attributes: [String: AttributeValue]
        var events: [SpanEvent] = []
    }

    init(_ name: String, _ attributes: [String: AttributeValue]) {
        let outer = TraceContext.current
        self.name = name
        (context, parent, start) = (outer?.child() ?? TraceContext(), outer?.spanID, SystemClock().now())
        details = Mutex(Details(attributes: attributes))
    }

    /// Notes something known only while the work runs, such as the number of hits.
    public func set(_ key: String, _ value: AttributeValue) {
        details.withLock { $0.attributes[key] = value }
    }

    /// Notes that something happened now. At most 100 are kept.
    public func event(_ name: String) {
        let event = SpanEvent(name: name, after: begun.duration(to: .now))
        details.withLock { if $0.events.count < 100 { $0.events.append(event) } }
    }

    func finished(_ outcome: SpanOutcome, error: String?) -> FinishedSpan {
        let details = details.withLock { $0 }
        return FinishedSpan(
            name: name, traceID: context.traceID, spanID: context.spanID, parent: parent, requestID: context.requestID,
            jobID: context.jobID,
            start: start, duration: begun.duration(to: .now), outcome: outcome, error: error, attributes: details.attributes,
            events: details.events)
    }
}

/// A moment within a span.
public struct SpanEvent: Sendable, Hashable {
    public let name: String
    /// Since the span's start.
    public let after: Duration
}

/// A piece of work that ended.
public struct FinishedSpan: Sendable, Hashable {
    public let name: String
    public let traceID: TraceID
    public let spanID: SpanID
    /// Nil at the root of a trace.
    public let parent: SpanID?
    public let requestID: String?
    public let jobID: String?
    public let start: Timestamp
    public let duration: Duration
    public let outcome: SpanOutcome
    /// What was thrown, without secrets.
    public let error: String?
    public let attributes: [String: AttributeValue]
    public let events: [SpanEvent]
}
