import ParleyCore
import ParleyDatabase

extension JobLeases {
    /// Whose jobs are lost.
    enum Lost {
        /// Those without a sign of life for too long, but for these, which run here: of processes that died, and of this one when it
        /// could not write down how an attempt ended.
        case expired(except: [JobID])
        /// Those of every other worker: there can be none.
        case all
    }

    private static let batch = 100

    /// Ends or queues again the jobs that nobody runs any more.
    /// - Parameter givingUp: is called in the transaction for each job that is given up.
    /// - Returns: what became of each.
    func recover(
        _ lost: Lost, givingUp: @escaping @Sendable (LeasedJob, Connection) throws -> Void
    ) async throws -> [(job: LeasedJob, end: JobEnd)] {
        let now = clock.now()
        var recovered: [(job: LeasedJob, end: JobEnd)] = []
        while try await database.read({ try !running(lost, now, in: $0).isEmpty }) {
            let batch = try await database.write { connection in
                try running(lost, now, connection.dialect.forUpdateSkipLocked, in: connection).map { job in
                    let end = end(of: job)
                    try write(end, job.id, now, in: connection)
                    if case .dead = end { try givingUp(job, connection) }
                    return (job: job, end: end)
                }
            }
            recovered += batch
            if batch.count < Self.batch { break }
        }
        return recovered
    }

    private func end(of job: LeasedJob) -> JobEnd {
        if job.isCancelRequested { return .cancelled }
        if job.worker == worker { return .unrecorded(Self.pause(after: job.attempt)) }
        return job.deaths + 1 < Suspicion.ends ? .orphaned : .dead(.endedProcess, Suspicion.verdict)
    }

    private static func pause(after attempt: Int) -> Duration {
        attempt < 5 ? .zero : .milliseconds(min(250 << min(attempt - 5, 6), 10_000))
    }

    private func running(_ lost: Lost, _ now: Timestamp, _ lock: SQL = "", in connection: Connection) throws -> [LeasedJob] {
        let condition: SQL =
            switch lost {
            case .expired(let here) where here.isEmpty: "lease_until < \(now)"
            case .expired(let here): "lease_until < \(now) AND id NOT IN \(list: here)"
            case .all: "worker <> \(worker)"
            }
        return try connection.rows(
            """
            SELECT \(fragment: LeasedJob.columns) FROM jobs WHERE state = 'running' AND \(fragment: condition)
            ORDER BY id LIMIT \(Self.batch)\(fragment: lock)
            """
        ).map(LeasedJob.init)
    }
}
