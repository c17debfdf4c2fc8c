import Synchronization

/// The spans that ended last, in a ring of fixed size.
public final class RecentSpans: Sendable {
    private struct Ring {
        var spans: [FinishedSpan] = []
        /// Where the next one goes once the ring is full.
        var next = 0
    }

    private let capacity: Int
    private let ring = Mutex(Ring())

    public init(capacity: Int) { self.capacity = max(0, capacity) }

    func add(_ span: FinishedSpan) {
        guard capacity > 0 else { return }
        ring.withLock { ring in
            if ring.spans.count < capacity {
                ring.spans.append(span)
            } else {
                ring.spans[ring.next] = span
                ring.next = (ring.next + 1) % capacity  // fits: above 0 here
            }
        }
    }

    /// The newest first.
    public func newest(limit: Int = 100) -> [FinishedSpan] {
        ring.withLock { Array((Array($0.spans[$0.next...]) + $0.spans[..<$0.next]).reversed().prefix(max(0, limit))) }
    }

    /// All kept spans of a trace, in the order of their start.
    public func trace(_ id: TraceID) -> [FinishedSpan] {
        newest(limit: capacity).filter { $0.traceID == id }.sorted { ($0.start, $1.duration) < ($1.start, $0.duration) }
    }
}
