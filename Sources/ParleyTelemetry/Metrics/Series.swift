import Synchronization

/// One number that many threads change without a lock.
final class AtomicNumber: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}

/// A handle to one series of a counter, for hot paths.
public struct Counter: Sendable {
    let number: AtomicNumber
    public var value: Double { number.value }

    /// Adds to the counter; what is negative or not finite is left out, for a counter never falls.
    public func add(_ amount: Double = 1) {
        if amount >= 0, amount.isFinite { number.add(amount) }
    }
}

/// A handle to one series of a gauge.
public struct Gauge: Sendable {
    let number: AtomicNumber
    public var value: Double { number.value }
    public func set(_ value: Double) { number.set(value) }
    public func add(_ amount: Double) { number.add(amount) }
}

/// A handle to one series of a histogram.
public final class Histogram: Sendable {
    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Adds one observation; what is not a number is left out.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// The figures so far.
    public var snapshot: HistogramSnapshot {
        let state = state.withLock { $0 }
        var total = 0
        let cumulative = state.counts.map { count in
            total += count
            return total
        }
        return HistogramSnapshot(bounds: bounds, cumulative: cumulative, sum: state.sum)
    }
}

/// The figures of a histogram at one moment.
public struct HistogramSnapshot: Sendable, Hashable {
    /// Upper bounds, without infinity.
    public let bounds: [Double]
    /// Observations up to each bound, and last up to infinity.
    public let cumulative: [Int]
    public let sum: Double
    public var count: Int { cumulative.last ?? 0 }

    /// The value below which this share (0...1) of the observations lies, interpolated within its bucket as Prometheus does;
    /// nil without observations.
    public func quantile(_ share: Double) -> Double? {
        guard count > 0, let index = cumulative.firstIndex(where: { Double($0) >= share * Double(count) }) else { return nil }
        guard index < bounds.count else { return bounds.last }
        let (below, lower) = index == 0 ? (0, 0) : (cumulative[index - 1], bounds[index - 1])
        let inside = cumulative[index] - below
        guard inside > 0 else { return bounds[index] }
        return lower + (bounds[index] - lower) * (share * Double(count) - Double(below)) / Double(inside)
    }
}
