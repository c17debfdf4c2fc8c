public import ParleyCore
import ParleyDatabase

extension JobQueue {
    /// One job as it stands; nil when there is none.
    public func job(_ id: JobID) async throws -> JobStatus? {
        try await database.read { connection in
            try connection.row("SELECT \(fragment: JobStatus.columns) FROM jobs WHERE id = \(id)").map(JobStatus.init)
        }
    }

    /// Jobs as they stand, the newest first.
    public func jobs(_ filter: JobFilter = JobFilter(), limit: Int = 50) async throws -> [JobStatus] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT \(fragment: JobStatus.columns) FROM jobs WHERE \(fragment: filter.condition) ORDER BY id DESC LIMIT \(limit)
                """
            ).map(JobStatus.init)
        }
    }

    /// How many jobs are in each state.
    public func counts() async throws -> [JobState: Int] {
        try await database.read { connection in
            let rows = try connection.rows("SELECT state, count(*) AS n FROM jobs GROUP BY state")
            return Dictionary(try rows.map { (try $0["state"], try $0["n"]) }, uniquingKeysWith: +)
        }
    }

    /// What an operator should look at, the newest first: jobs that were given up, and those that may be what ended their processes and
    /// wait to run alone.
    public func troubled(limit: Int = 50) async throws -> [JobStatus] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT \(fragment: JobStatus.columns) FROM jobs WHERE id IN (
                    SELECT id FROM jobs WHERE state = 'dead'
                    UNION ALL SELECT id FROM jobs WHERE state = 'queued' AND \(fragment: Suspicion.some))
                ORDER BY id DESC LIMIT \(limit)
                """
            ).map(JobStatus.init)
        }
    }

    /// What is not done, by type.
    public func backlog() async throws -> [JobBacklog] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT type, CAST(sum(waiting) AS BIGINT) AS waiting, CAST(sum(running) AS BIGINT) AS running,
                    CAST(sum(dead) AS BIGINT) AS dead, CAST(sum(suspected) AS BIGINT) AS suspected, min(run_at) AS oldest_due
                FROM (
                    SELECT type, count(*) AS waiting, 0 AS running, 0 AS dead, 0 AS suspected, min(run_at) AS run_at FROM jobs
                    WHERE state = 'queued' AND \(fragment: Suspicion.none) GROUP BY type
                    UNION ALL SELECT type, 1, 0, 0, 1, run_at FROM jobs WHERE state = 'queued' AND \(fragment: Suspicion.some)
                    UNION ALL SELECT type, 0, 1, 0, CASE WHEN \(fragment: Suspicion.some) THEN 1 ELSE 0 END, NULL FROM jobs
                    WHERE state = 'running'
                    UNION ALL SELECT type, 0, 0, 1, 0, NULL FROM jobs WHERE state = 'dead') AS counted
                GROUP BY type ORDER BY type
                """
            ).map(JobBacklog.init)
        }
    }

    /// Forgets jobs that were done or cancelled before this moment. Dead ones stay until somebody has looked at them.
    /// - Returns: how many.
    @discardableResult
    public func removeFinished(before moment: Timestamp) async throws -> Int {
        try await database.write { connection in
            try connection.execute("DELETE FROM jobs WHERE state IN ('done', 'cancelled') AND finished_at < \(moment)")
        }
    }
}
