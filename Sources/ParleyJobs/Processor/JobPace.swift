/// How fast a processor goes about its work.
public struct JobPace: Sendable {
    /// How long a job stays with a process that gives no sign of life.
    public var lease: Duration
    /// How long jobs that are done or cancelled are remembered.
    public var memory: Duration
    /// How often due retries and other processes' jobs are looked for.
    public var poll: Duration
    /// How often it is looked whether those behind the running jobs may still do what these do.
    public var rights: Duration
    /// How long a process must have lived before a suspect runs in it, twice as long after each death while it ran alone: a server that
    /// something else ends every few seconds condemns no job.
    public var quiet: Duration
    /// How long a suspect waits for the other jobs to end before they are put back.
    public var patience: Duration
    /// How long a suspect may keep waiting jobs of high priority from running, in its first turn; twice as long in each further one.
    public var turn: Duration
    /// The pause after a failure (from 1).
    public var backoff: @Sendable (_ failure: Int) -> Duration

    public init(
        lease: Duration = .seconds(30), memory: Duration = .seconds(7 * 86_400), poll: Duration = .seconds(1),
        rights: Duration = .seconds(1),
        quiet: Duration = .seconds(5), patience: Duration = .seconds(20), turn: Duration = .seconds(30),
        backoff: @escaping @Sendable (Int) -> Duration = Self.doubling
    ) {
        (self.lease, self.memory, self.poll, self.backoff) = (lease, memory, poll, backoff)
        (self.rights, self.quiet, self.patience, self.turn) = (rights, quiet, patience, turn)
    }

    /// Doubles with each failure from about one second to about five minutes; half of it is chance, so that jobs that failed
    /// together do not come back together.
    public static let doubling: @Sendable (Int) -> Duration = { failure in
        .milliseconds(Int.random(in: 500...1000) * min(1 << min(max(failure, 0), 10), 300))
    }
}
