/// Keeps retries a small share of all calls to a host, so that a service in trouble is not buried under them
/// (Google, *Site Reliability Engineering*, chapter 21; Twitter Finagle's retry budget). Every call pays in, every retry takes out.
struct RetryBudget: Sendable {
    /// What can be saved up: so many retries may come at once.
    static let ceiling = 10.0

    /// What one call pays in.
    let share: Double
    private(set) var saved = ceiling

    init(share: Double) { self.share = share }

    mutating func payIn() { saved = min(saved + share, Self.ceiling) }

    /// False when there is nothing left for a retry.
    mutating func takeOut() -> Bool {
        guard saved >= 1 else { return false }
        saved -= 1
        return true
    }
}
