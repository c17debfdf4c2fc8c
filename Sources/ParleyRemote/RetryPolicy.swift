/// When to try again: exponential back-off with full jitter (M. Brooker, "Exponential Backoff and Jitter", 2015).
struct RetryPolicy: Sendable {
    /// All tries together, the first one included.
    let attempts: Int
    let base = Duration.milliseconds(100)
    let cap = Duration.seconds(5)

    /// The wait before the next try; nil when there is none.
    /// - Parameters:
    ///   - failed: tries so far, from 1.
    ///   - retryAfter: what the other side asked for; it is the least wait.
    ///   - remaining: time to the call's deadline; a wait that leaves none is not worth it.
    ///   - random: from 0 to 1.
    func delay(failed: Int, retryAfter: Duration?, remaining: Duration, random: Double) -> Duration? {
        guard failed < attempts else { return nil }
        let ceiling = min(cap, base * (1 << min(max(failed, 1) - 1, 10)))  // fits: doubled 10 times at most
        let wait = max(ceiling * random, retryAfter ?? .zero)  // fits: a share of 5 seconds
        return wait < remaining ? wait : nil
    }
}
