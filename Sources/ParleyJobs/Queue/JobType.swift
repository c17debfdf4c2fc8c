/// A kind of slow work with the type of what it needs to know.
public struct JobType<Payload: Codable & Sendable>: Sendable {
    /// Dotted and stable: it is stored.
    public let name: String
    /// Tries before the job is given up as dead.
    public let maxAttempts: Int
    /// Jobs of the type that one process runs at a time.
    public let concurrency: Int
    /// Of these, how many may be of one lane; nil where there are no lanes.
    public let perLane: Int?
    public let priority: JobPriority
    /// How long one attempt may take; nil for as long as it needs.
    public let timeout: Duration?

    public init(
        _ name: String, maxAttempts: Int = 5, concurrency: Int = 2, perLane: Int? = nil, priority: JobPriority = .normal,
        timeout: Duration? = nil
    ) {
        (self.name, self.maxAttempts, self.concurrency, self.perLane) = (name, maxAttempts, concurrency, perLane)
        (self.priority, self.timeout) = (priority, timeout)
    }
}

/// What goes first among jobs of one type.
public enum JobPriority: Int, Sendable {
    case low = 0
    case normal = 10
    case high = 20
}

/// Where a job stands.
public enum JobState: String, Sendable, CaseIterable {
    case queued, running, done
    /// Given up after its last attempt; kept for inspection.
    case dead
    case cancelled
}
