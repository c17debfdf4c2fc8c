import ParleyCore
import Synchronization

/// Token buckets in this process's memory. A bucket that is full again is forgotten, so memory follows the callers of the last window.
public final class MemoryRateStore: RateStore {
    private struct Key: Hashable {
        let policy: String
        let caller: String
    }

    private struct State {
        /// When each caller's bucket will be full again; one that is not there is full (GCRA's theoretical arrival time, ITU-T I.371).
        var full: [Key: ContinuousClock.Instant] = [:]
        var sweepAt = 10_000
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameter now: the time, which a test holds still.
    public init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    public func take(_ count: Int, from caller: String, _ policy: RatePolicy) -> RateDecision {
        let (now, key) = (now(), Key(policy: policy.name, caller: caller))
        return state.withLock { state in
            let missing = max(.zero, (state.full[key] ?? now) - now)
            let after = missing + policy.interval * min(count, policy.quota)  // fits: the window at most
            // Rounding in the interval must not cost the last request of the quota.
            let isAllowed = after <= policy.window + .microseconds(1)
            let reset = isAllowed ? after : missing
            if isAllowed { state.full[key] = now + after }
            if state.full.count > state.sweepAt { Self.sweep(&state, now) }
            return RateDecision(
                policy: policy, isAllowed: isAllowed,
                remaining: max(0, Int(rounding: ((policy.window - reset) / policy.interval + 1e-6).rounded(.down))),
                reset: reset, wait: isAllowed ? .zero : after - policy.window)
        }
    }

    private static func sweep(_ state: inout State, _ now: ContinuousClock.Instant) {
        state.full = state.full.filter { $0.value > now }
        state.sweepAt = max(10_000, state.full.count * 2)
    }
}
