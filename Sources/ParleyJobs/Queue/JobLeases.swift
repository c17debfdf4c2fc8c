import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// A job that this process has taken.
struct LeasedJob: Sendable {
    let id: JobID
    let type: String
    let payload: Data
    let principal: Principal?
    let traceparent: String?
    let attempt: Int
    let maxAttempts: Int
}

/// Taking, keeping and giving back jobs: the rows' side of the processor.
struct JobLeases: Sendable {
    /// How long a job is ours without a heartbeat.
    static let duration = Duration.seconds(30)

    let database: Database
    let clock: any WallClock
    /// Who we are among the processes.
    let worker: String

    /// Takes jobs that are due, or whose taker has died, for each type up to its free places.
    func claim(_ places: [String: Int]) async throws -> [LeasedJob] {
        let now = clock.now()
        return try await database.write { connection in
            try places.sorted { $0.key < $1.key }.flatMap { type, limit -> [LeasedJob] in
                guard limit > 0 else { return [] }
                let lock: SQL = connection.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
                return try connection.rows(
                    """
                    UPDATE jobs SET state = \(JobState.running), worker = \(worker), lease_until = \(now + Self.duration), attempts = attempts + 1
                    WHERE id IN (
                        SELECT id FROM jobs WHERE type = \(type)
                            AND (state = 'queued' AND run_at <= \(now) OR state = 'running' AND lease_until < \(now))
                        ORDER BY priority DESC, run_at, id LIMIT \(limit) \(fragment: lock))
                    RETURNING id, type, payload, user_id, user_role, traceparent, attempts, max_attempts
                    """
                ).map(LeasedJob.init)
            }
        }
    }

    /// Keeps these jobs ours.
    /// - Returns: those that somebody wants stopped.
    func extend(_ ids: [JobID]) async throws -> [JobID] {
        guard !ids.isEmpty else { return [] }
        let until = clock.now() + Self.duration
        return try await database.write { connection in
            try connection.execute("UPDATE jobs SET lease_until = \(until) WHERE id IN \(list: ids) AND worker = \(worker)")
            return try connection.rows("SELECT id FROM jobs WHERE id IN \(list: ids) AND cancel_requested = \(true)").map { try $0["id"] }
        }
    }

    func report(_ id: JobID, progress: Double, note: String) async throws {
        try await database.write { connection in
            try connection.execute("UPDATE jobs SET progress = \(progress), note = \(note) WHERE id = \(id) AND worker = \(worker)")
        }
    }

    func finish(_ id: JobID, _ state: JobState, error: String? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = \(state), finished_at = \(now), error = \(error), lease_until = NULL, worker = NULL
                WHERE id = \(id) AND worker = \(worker)
                """)
        }
    }

    /// Puts the job back to be tried again after a while.
    func postpone(_ id: JobID, by delay: Duration, error: String) async throws {
        let due = clock.now() + delay
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = \(JobState.queued), run_at = \(due), error = \(error), lease_until = NULL, worker = NULL
                WHERE id = \(id) AND worker = \(worker)
                """)
        }
    }

    /// Puts the job back as if it had not been tried: this process is going.
    func release(_ id: JobID) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = \(JobState.queued), attempts = attempts - 1, lease_until = NULL, worker = NULL
                WHERE id = \(id) AND worker = \(worker)
                """)
        }
    }
}

extension LeasedJob {
    init(_ row: Row) throws {
        let payload: JSONValue = try row["payload"]
        let user: UserID? = try row["user_id"]
        let role: String? = try row["user_role"]
        id = try row["id"]
        type = try row["type"]
        self.payload = Data(payload.text.utf8)
        principal = user.flatMap { user in role.flatMap(Role.init).map { Principal(user: user, role: $0) } }
        traceparent = try row["traceparent"]
        attempt = try row["attempts"]
        maxAttempts = try row["max_attempts"]
    }
}
