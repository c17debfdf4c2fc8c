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

    /// What is not done, by type.
    public func backlog() async throws -> [JobBacklog] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT type, count(CASE WHEN state = 'queued' THEN 1 END) AS waiting, count(CASE WHEN state = 'running' THEN 1 END) AS running,
                    count(CASE WHEN state = 'dead' THEN 1 END) AS dead, min(CASE WHEN state = 'queued' THEN run_at END) AS oldest_due
                FROM jobs WHERE state IN ('queued', 'running', 'dead') GROUP BY type ORDER BY type
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
