import Dispatch
import ParleyCore

/// Who waits, in order of arrival, and since when.
struct Line<Element> {
    private var waiting: [(since: ContinuousClock.Instant, element: Element)] = []
    /// Those before this one were served.
    private var first = 0

    var count: Int { waiting.count - first }
    /// When the longest waiting came.
    var oldest: ContinuousClock.Instant? { first < waiting.count ? waiting[first].since : nil }

    mutating func append(_ element: Element) { waiting.append((.now, element)) }

    /// Takes out the first, if it is one of these.
    mutating func next(where isWanted: (Element) -> Bool = { _ in true }) -> Element? {
        guard first < waiting.count, isWanted(waiting[first].element) else { return nil }
        defer {
            first += 1
            if first > 32, first * 2 > waiting.count {
                waiting.removeFirst(first)
                first = 0
            }
        }
        return waiting[first].element
    }

    /// Takes out those who came longer ago than the limit.
    /// - Returns: those, and when to look again; nil when nobody waits.
    mutating func late(after limit: Duration) -> (late: [Element], next: Duration?) {
        let moment = ContinuousClock.now - limit
        var late: [Element] = []
        while let oldest, oldest <= moment, let element = next() { late.append(element) }
        return (late, oldest.map { $0 + limit - .now })
    }

    mutating func removeAll() -> [Element] {
        defer { (waiting, first) = ([], 0) }
        return waiting[first...].map(\.element)
    }
}

/// One timer for all who wait in a line: as everybody has the same limit, the longest waiting is always the first.
enum LineWatch {
    /// - Parameter look: turns away who waited too long, and tells when to look again; nil when nobody waits.
    static func start(in delay: Duration, _ look: @escaping @Sendable () -> Duration?) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(delay.milliseconds) + 1)) {
            if let next = look() { start(in: next, look) }
        }
    }
}
