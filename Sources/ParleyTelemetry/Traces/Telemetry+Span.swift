import Logging
import ParleyCore

extension Telemetry {
    /// Times the body as a span, sets it as the task's trace context, and at its end records the histogram
    /// `parley_<name>_seconds` and a log line: debug, or a warning when it was slow or threw a fault.
    public func span<T>(
        _ name: String, _ attributes: [String: AttributeValue] = [:], isolation: isolated (any Actor)? = #isolation,
        body: (Span) async throws -> T
    ) async rethrows -> T {
        let span = Span(name, attributes)
        do {
            let result = try await TraceContext.$current.withValue(span.context) { try await body(span) }
            finish(span, nil)
            return result
        } catch {
            finish(span, error)
            throw error
        }
    }

    /// The same for synchronous work.
    public func span<T>(_ name: String, _ attributes: [String: AttributeValue] = [:], body: (Span) throws -> T) rethrows -> T {
        let span = Span(name, attributes)
        do {
            let result = try TraceContext.$current.withValue(span.context) { try body(span) }
            finish(span, nil)
            return result
        } catch {
            finish(span, error)
            throw error
        }
    }

    private func finish(_ span: Span, _ error: (any Error)?) {
        let outcome: SpanOutcome = error == nil ? .ok : error is CancellationError ? .cancelled : .error
        let finished = span.finished(outcome, error: error.map { Redaction.text(String(describing: $0)) })
        recentSpans.add(finished)
        metrics.histogram(spanNamed: span.name, outcome: outcome).observe(finished.duration.seconds)
        let isFault = outcome == .error && (error as? ParleyError)?.code.isFault != false
        let level: Logger.Level = isFault || finished.duration >= slowSpan ? .warning : .debug
        guard logger.logLevel <= level else { return }
        TraceContext.$current.withValue(span.context) {
            logger.log(
                level: level, "\(span.name)\(isFault ? " failed" : level == .warning ? " was slow" : "")", metadata: finished.metadata)
        }
    }
}

extension FinishedSpan {
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = attributes.mapValues { value in
            switch value {
            case .int(let number): .stringConvertible(number)
            case .double(let number): .stringConvertible(number)
            case .bool(let flag): .stringConvertible(flag)
            case .string(let text): .string(text)
            }
        }
        metadata["duration_ms"] = .stringConvertible((duration.seconds * 1_000_000).rounded() / 1000)
        metadata["outcome"] = .string(outcome.rawValue)
        if let error { metadata["error"] = .string(error) }
        return metadata
    }
}
