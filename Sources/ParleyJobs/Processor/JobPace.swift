/// How fast a processor goes about its work.
public struct JobPace: Sendable {
    /// How long a job stays with a process that gives no sign of life.
    public var lease: Duration
    /// How long jobs that are done or cancelled are remembered.
    public var memory: Duration
    /// How often due retries and other processes' jobs are looked for.
    public var poll: Duration
    /// The pause after an attempt (from 1) that failed.
    public var backoff: @Sendable (_ attempt: Int) -> Duration

    public init(
        lease: Duration = .seconds(30), memory: Duration = .seconds(7 * 86_400), poll: Duration = .seconds(1),
        backoff: @escaping @Sendable (Int) -> Duration = Self.doubling
    ) {
        (self.lease, self.memory, self.poll, self.backoff) = (lease, memory, poll, backoff)
    }

    /// Doubles with each attempt from about one second to about five minutes; half of it is chance, so that jobs that failed
    /// together do not come back together.
    public static let doubling: @Sendable (Int) -> Duration = { attempt in
        .milliseconds(Int.random(in: 500...1000) * min(1 << min(max(attempt, 0), 10), 300))
    }
}
