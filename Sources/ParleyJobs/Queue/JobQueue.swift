import Foundation
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
import ParleyTelemetry
import Synchronization

/// The durable queue: jobs are rows, written in the transaction that makes them necessary.
public final class JobQueue: Sendable {
    let database: Database
    let clock: any WallClock
    /// Raised when a job was queued or came to an end.
    let changes = Signal()
    /// The jobs that run in this process.
    let active = ActiveJobs()
    let waitingCount = Mutex(WaitingCount())

    public init(database: Database, clock: any WallClock) { (self.database, self.clock) = (database, clock) }

    /// Queues a job; it may run as soon as the transaction is committed.
    /// - Parameters:
    ///   - principal: on whose behalf; looked up and authorised again when it runs. Nil for the server itself.
    ///   - subject: the id of what the job is about.
    ///   - unique: while a job of the type with this key waits or runs, no second one is queued.
    ///   - lane: whose work it is, as `group/member`, for types whose places are shared (`JobSharing`).
    ///   - isSuspected: whether it is known to have ended processes before: it runs alone from the start.
    ///   - delay: how long it waits at least.
    /// - Returns: the job's id, or that of the unfinished one with the same key.
    @discardableResult
    public func enqueue<Payload>(
        _ type: JobType<Payload>, _ payload: Payload, principal: PrincipalReference?, subject: String? = nil, unique: String? = nil,
        lane: String = "", isSuspected: Bool = false, after delay: Duration = .zero, in connection: Connection
    ) throws -> JobID {
        let now = clock.now()
        let id = JobID(at: now)
        let encoded = try JSONText(payload)
        connection.afterCommit { [changes] in changes.raise() }
        while true {
            let inserted = try connection.execute(
                """
                INSERT INTO jobs (id, type, payload, subject, unique_key, lane, user_id, key_id, traceparent, priority, state, max_attempts,
                    deaths, run_at, cancel_requested, created_at)
                VALUES (\(id), \(type.name), \(encoded), \(subject), \(unique), \(lane), \(principal?.user), \(principal?.key),
                    \(TraceContext.current?.traceparent), \(type.priority.rawValue), \(JobState.queued), \(type.maxAttempts),
                    \(isSuspected ? Suspicion.begins : 0), \(now + delay), \(false), \(now))
                ON CONFLICT (type, unique_key) WHERE state IN ('queued', 'running') AND unique_key IS NOT NULL DO NOTHING
                """)
            if inserted == 1 {
                connection.afterCommit { [self] in noteWaiting(type.name) }
                return id
            }
            let row = try connection.row(
                "SELECT id FROM jobs WHERE type = \(type.name) AND unique_key = \(unique) AND state IN ('queued', 'running')")
            // None: it came to an end in between, so that there is room now.
            if let row { return try row["id"] }
        }
    }

    /// Stops a job: one that waits never runs, one that runs in this process is told at once, one that runs elsewhere
    /// with its next heartbeat. A finished job stays as it is.
    /// - Returns: whether there was something to stop.
    @discardableResult
    public func cancel(_ id: JobID) async throws -> Bool {
        let now = clock.now()
        let stopped = try await database.write { connection in
            let waiting = try connection.execute(
                "UPDATE jobs SET state = 'cancelled', finished_at = \(now) WHERE id = \(id) AND state = 'queued'")
            return waiting + (try connection.execute("UPDATE jobs SET cancel_requested = \(true) WHERE id = \(id) AND state = 'running'"))
        }
        active.stop(id, .cancelled)
        changes.raise()
        return stopped > 0
    }

    /// Runs a dead or cancelled job once more, from its first attempt; alone, when it was a suspect.
    /// - Returns: false when it is neither, or another unfinished job has its unique key.
    @discardableResult
    public func retry(_ id: JobID) async throws -> Bool {
        let now = clock.now()
        do {
            return try await database.write { [changes] connection in
                connection.afterCommit { changes.raise() }
                return try connection.execute(
                    """
                    UPDATE jobs SET state = 'queued', attempts = 0, failures = 0, run_at = \(now), error = NULL, finished_at = NULL,
                        deaths = CASE WHEN \(fragment: Suspicion.some) THEN \(Suspicion.begins) ELSE 0 END,
                        cancel_requested = \(false), progress = 0, note = ''
                    WHERE id = \(id) AND state IN ('dead', 'cancelled')
                    """) == 1
            }
        } catch let error as DatabaseError where error.isUniqueViolation {
            return false
        }
    }

    /// Makes the processor look at once: for whoever learns of jobs that another process queued, such as from LISTEN/NOTIFY.
    public func wake() { changes.raise() }

    /// Returns when nothing runs and nothing is due, which only comes to pass while a processor runs. Jobs that wait for a
    /// later moment do not count. For tests and commands that wait for their work.
    public func idle() async throws {
        while !Task.isCancelled {
            let seen = changes.count
            let now = clock.now()
            let isBusy = try await database.read { connection in
                try connection.row("SELECT id FROM jobs WHERE state = 'running' OR state = 'queued' AND run_at <= \(now) LIMIT 1") != nil
            }
            guard isBusy || !active.ids.isEmpty else { return }
            await changes.wait(past: seen, atMost: .seconds(1))
        }
    }
}
