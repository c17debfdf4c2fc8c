import Foundation
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
import ParleyTelemetry
import Synchronization

extension JobState: SQLValueConvertible {}

/// The durable queue: jobs are rows, written in the transaction that makes them necessary.
public final class JobQueue: Sendable {
    let database: Database
    let clock: any WallClock
    let enqueued = Signal()
    /// How to stop the jobs that run in this process.
    private let running = Mutex<[JobID: @Sendable () -> Void]>([:])

    public init(database: Database, clock: any WallClock) { (self.database, self.clock) = (database, clock) }

    /// Queues a job; it may run as soon as the transaction is committed.
    /// - Parameters:
    ///   - principal: on whose behalf; authorised again when it runs. Nil for the server itself.
    ///   - subject: the id of what the job is about.
    public func enqueue<Payload>(
        _ type: JobType<Payload>, _ payload: Payload, principal: Principal?, subject: String, in connection: Connection
    ) throws -> JobID {
        let now = clock.now()
        let id = JobID(at: now)
        let encoded = try JSONValue(parsing: JSONEncoder().encode(payload))
        try connection.execute(
            """
            INSERT INTO jobs (id, type, payload, subject, user_id, user_role, traceparent, priority, state, max_attempts, run_at,
                cancel_requested, created_at)
            VALUES (\(id), \(type.name), \(encoded), \(subject), \(principal?.user), \(principal?.role.rawValue),
                \(TraceContext.current?.traceparent), \(type.priority.rawValue), \(JobState.queued), \(type.maxAttempts), \(now), \(false), \(now))
            """)
        connection.afterCommit { [enqueued] in enqueued.raise() }
        return id
    }

    /// Stops a job: one that waits never runs, one that runs in this process is told at once, one that runs elsewhere
    /// with its next heartbeat. A finished job stays as it is.
    public func cancel(_ id: JobID) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = \(JobState.cancelled), finished_at = \(now) WHERE id = \(id) AND state = \(JobState.queued)
                """)
            try connection.execute(
                "UPDATE jobs SET cancel_requested = \(true) WHERE id = \(id) AND state = \(JobState.running)")
        }
        stop(id)
    }

    /// Runs a dead job once more, from its first attempt.
    public func retry(_ id: JobID) async throws {
        let now = clock.now()
        try await database.write { [enqueued] connection in
            try connection.execute(
                """
                UPDATE jobs SET state = \(JobState.queued), attempts = 0, run_at = \(now), error = NULL, finished_at = NULL
                WHERE id = \(id) AND state = \(JobState.dead)
                """)
            connection.afterCommit { enqueued.raise() }
        }
    }

    /// How many jobs are in each state.
    public func counts() async throws -> [JobState: Int] {
        try await database.read { connection in
            let rows = try connection.rows("SELECT state, count(*) AS n FROM jobs GROUP BY state")
            return Dictionary(try rows.map { (try $0["state"], try $0["n"]) }, uniquingKeysWith: +)
        }
    }

    /// One job as it stands; nil when there is none.
    public func job(_ id: JobID) async throws -> JobStatus? {
        try await database.read { connection in
            try connection.row("SELECT id, type, state, attempts, progress, note, error FROM jobs WHERE id = \(id)").map(JobStatus.init)
        }
    }

    func began(_ id: JobID, stop: @escaping @Sendable () -> Void) { running.withLock { $0[id] = stop } }
    func ended(_ id: JobID) { running.withLock { $0[id] = nil } }
    func stop(_ id: JobID) { running.withLock { $0[id] }?() }
}

/// A job as it stands.
public struct JobStatus: Sendable, Hashable {
    public let id: JobID
    public let type: String
    public let state: JobState
    public let attempts: Int
    /// From 0 to 1.
    public let progress: Double
    public let note: String
    public let error: String?

    init(_ row: Row) throws {
        id = try row["id"]
        type = try row["type"]
        state = try row["state"]
        attempts = try row["attempts"]
        progress = try row["progress"]
        note = try row["note"]
        error = try row["error"]
    }
}
