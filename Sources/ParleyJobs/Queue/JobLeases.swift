import ParleyCore
import ParleyDatabase

/// Taking, keeping and giving back jobs: the rows' side of the processor. A row is written only while the lease is this
/// worker's and of this attempt, so that who has lost a job can no longer change it.
struct JobLeases: Sendable {
    let database: Database
    let clock: any WallClock
    /// How long a job is ours without a heartbeat.
    let duration: Duration
    /// Who we are among the processes.
    let worker: String

    /// Keeps these jobs ours.
    /// - Returns: those that are still ours, and whether somebody wants them stopped.
    func extend(_ ids: [JobID]) async throws -> [JobID: Bool] {
        guard !ids.isEmpty else { return [:] }
        let until = clock.now() + duration
        return try await database.write { connection in
            let rows = try connection.rows(
                """
                UPDATE jobs SET lease_until = \(until) WHERE id IN \(list: ids) AND worker = \(worker) AND state = 'running'
                RETURNING id, cancel_requested
                """)
            return Dictionary(try rows.map { (try $0["id"], try $0["cancel_requested"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Notes how far the job is. Who gets further than any attempt before is no suspect any more.
    /// - Returns: whether it got further.
    func report(_ id: JobID, attempt: Int, progress: Double, note: String, in connection: Connection) throws -> Bool {
        let progress = progress.isNaN ? 0 : min(max(progress, 0), 1)
        let ours: SQL = "id = \(id) AND worker = \(worker) AND attempts = \(attempt)"
        let further = try connection.execute(
            """
            UPDATE jobs SET progress = \(progress), note = \(note), deaths = 0 WHERE \(fragment: ours) AND progress < \(progress)
            """)
        if further == 0 { try connection.execute("UPDATE jobs SET note = \(note) WHERE \(fragment: ours)") }
        return further > 0
    }

    /// Writes down how an attempt ended.
    /// - Parameter also: is called in the same transaction, when the job was still ours.
    func end(_ job: LeasedJob, _ end: JobEnd, also: @escaping @Sendable (Connection) throws -> Void = { _ in }) async throws {
        let now = clock.now()
        try await database.write { connection in
            let ours = try connection.row(
                """
                SELECT id FROM jobs WHERE id = \(job.id) AND worker = \(worker) AND attempts = \(job.attempt) AND state = 'running'
                \(fragment: connection.dialect.forUpdate)
                """)
            guard ours != nil else { return }
            try write(end, job.id, now, in: connection)
            try also(connection)
        }
    }

    /// Puts back what did not stop when the process went, so that its going is no death.
    func release(_ ids: [JobID]) async throws {
        guard !ids.isEmpty else { return }
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = 'queued', worker = NULL, lease_until = NULL
                WHERE id IN \(list: ids) AND worker = \(worker) AND state = 'running'
                """)
        }
    }

    func write(_ end: JobEnd, _ id: JobID, _ now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            "UPDATE jobs SET \(fragment: end.changes(at: now)), worker = NULL, lease_until = NULL WHERE id = \(id)")
    }
}
