/// How many requests of a class one caller may make: so many may come at once, and as many come back evenly over a window.
public struct RatePolicy: Hashable, Sendable {
    /// The class's name on the wire.
    public let name: String
    public let quota: Int
    public let window: Duration

    public init(name: String, quota: Int, window: Duration) { (self.name, self.quota, self.window) = (name, quota, window) }

    /// How long one request takes to come back.
    var interval: Duration { window / Double(max(quota, 1)) }  // fits: a share of the window
}

/// What a store says of a request.
public struct RateDecision: Hashable, Sendable {
    public let policy: RatePolicy
    public let isAllowed: Bool
    /// Whole requests that are left.
    public let remaining: Int
    /// When the caller has the whole quota again.
    public let reset: Duration
    /// When a refused request would be let through; zero for one that is.
    public internal(set) var wait: Duration

    public init(policy: RatePolicy, isAllowed: Bool, remaining: Int, reset: Duration, wait: Duration) {
        (self.policy, self.isAllowed, self.remaining, self.reset, self.wait) = (policy, isAllowed, remaining, reset, wait)
    }
}

/// Where it is kept what callers have used. One process keeps it in its memory; several need a place that they share.
public protocol RateStore: Sendable {
    /// Takes so many requests out of the caller's bucket, at most the whole quota, when there are as many in it; else none.
    func take(_ count: Int, from caller: String, _ policy: RatePolicy) async throws -> RateDecision
}
