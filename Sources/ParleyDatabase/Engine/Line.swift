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

    /// Takes out those who came before this moment.
    mutating func next(before moment: ContinuousClock.Instant) -> [Element] {
        var late: [Element] = []
        while let oldest, oldest <= moment, let element = next() { late.append(element) }
        return late
    }

    mutating func removeAll() -> [Element] {
        defer { (waiting, first) = ([], 0) }
        return waiting[first...].map(\.element)
    }
}
