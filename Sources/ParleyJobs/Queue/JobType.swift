/// A kind of slow work with the type of what it needs to know.
public struct JobType<Payload: Codable & Sendable>: Sendable {
    /// Dotted and stable: it is stored.
    public let name: String
    /// Failures after which the job is given up as dead.
    public let maxAttempts: Int
    /// Jobs of the type that one process runs at a time.
    public let concurrency: Int
    public let sharing: JobSharing
    public let priority: JobPriority
    /// How long one attempt may take; nil for as long as it needs.
    public let timeout: Duration?

    public init(
        _ name: String, maxAttempts: Int = 5, concurrency: Int = 2, sharing: JobSharing = .none, priority: JobPriority = .normal,
        timeout: Duration? = nil
    ) {
        (self.name, self.maxAttempts, self.concurrency, self.sharing) = (name, maxAttempts, concurrency, sharing)
        (self.priority, self.timeout) = (priority, timeout)
    }
}

/// How the places of a type are shared among those whose work it is. A job's lane names them as `group/member`, such as
/// `project/person`. Each process shares its own places.
public enum JobSharing: Sendable {
    /// By priority and time alone.
    case none
    /// Lanes take turns. While others wait, no group and no member takes more than half of the places; while none does, all but one, so
    /// that who comes finds a place.
    case fair
    /// Lanes take turns, and no member ever takes more than this many places, nor a group more than half: for work that its owners can
    /// make slow.
    case capped(perMember: Int)
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
