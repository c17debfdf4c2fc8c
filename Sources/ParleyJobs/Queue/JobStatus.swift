@_spi(Authority) public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase

extension JobState: SQLValueConvertible {}

/// A job as it stands.
public struct JobStatus: Sendable, Hashable {
    public let id: JobID
    public let type: String
    public let state: JobState
    /// The id of what the job is about.
    public let subject: String?
    /// On whose behalf; nil for the server itself.
    public let principal: PrincipalReference?
    /// Higher goes first.
    public let priority: Int
    /// Begun so far.
    public let attempts: Int
    /// Failures so far, and those after which it is given up.
    public let failures: Int
    public let maxAttempts: Int
    /// Deaths of its process since it last got further: from two on it runs alone, the fifth ends it.
    public let deaths: Int
    /// The furthest that any attempt came, from 0 to 1.
    public let progress: Double
    public let note: String
    /// What the last attempt failed of; for operators.
    public let error: String?
    public let createdAt: Timestamp
    /// When it is due.
    public let runAt: Timestamp
    public let finishedAt: Timestamp?

    static let columns: SQL = """
        id, type, state, subject, user_id, key_id, priority, attempts, failures, max_attempts, deaths, progress, note, error,
        created_at, run_at, finished_at
        """

    init(_ row: Row) throws {
        id = try row["id"]
        type = try row["type"]
        state = try row["state"]
        subject = try row["subject"]
        principal = try PrincipalReference(row)
        priority = try row["priority"]
        attempts = try row["attempts"]
        failures = try row["failures"]
        maxAttempts = try row["max_attempts"]
        deaths = try row["deaths"]
        progress = try row["progress"]
        note = try row["note"]
        error = try row["error"]
        createdAt = try row["created_at"]
        runAt = try row["run_at"]
        finishedAt = try row["finished_at"]
    }
}

extension PrincipalReference {
    /// From `user_id` and `key_id`; nil when nobody stands there.
    init?(_ row: Row) throws {
        guard let user: UserID = try row["user_id"] else { return nil }
        self.init(user: user, key: try row["key_id"])
    }
}

/// Which jobs to list.
public struct JobFilter: Sendable, Hashable {
    public var state: JobState?
    public var type: String?
    public var subject: String?
    /// Only jobs made before this one: the last of the page before.
    public var before: JobID?

    public init(state: JobState? = nil, type: String? = nil, subject: String? = nil, before: JobID? = nil) {
        (self.state, self.type, self.subject, self.before) = (state, type, subject, before)
    }

    var condition: SQL {
        var sql: SQL = "1 = 1"
        if let state { sql = sql + " AND state = \(state)" }
        if let type { sql = sql + " AND type = \(type)" }
        if let subject { sql = sql + " AND subject = \(subject)" }
        if let before { sql = sql + " AND id < \(before)" }
        return sql
    }
}

/// The unfinished and dead jobs of one type.
public struct JobBacklog: Sendable, Hashable {
    public let type: String
    public let waiting: Int
    public let running: Int
    public let dead: Int
    /// Those unfinished that run alone, since they may be what ended their processes.
    public let suspected: Int
    /// Since when the longest waiting is due; nil when none waits.
    public let oldestDue: Timestamp?

    init(_ row: Row) throws {
        type = try row["type"]
        waiting = try row["waiting"]
        running = try row["running"]
        dead = try row["dead"]
        suspected = try row["suspected"]
        oldestDue = try row["oldest_due"]
    }
}
