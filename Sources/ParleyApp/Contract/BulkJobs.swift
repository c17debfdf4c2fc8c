import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyJobs

/// Bulk requests that are too long to be answered at once: their operations wait sealed in the database, and a job carries them out one after
/// the other, each in one transaction with the row that says what became of it. So a job that is begun again goes on where it was, and no
/// operation is carried out twice. What has been done is erased, and so is what never will be.
struct BulkJobs: BulkQueue {
    static let job = JobType<BulkWork>("contract.bulk", maxAttempts: 10, concurrency: 2, priority: .low)
    /// Operations that are sealed together, and read and erased at a time; progress is told after each such step.
    private static let step = 50
    /// How long outcomes can be read.
    static let retention = Duration.seconds(7 * 86_400)

    let database: Database
    let jobs: JobQueue
    let clock: any WallClock
    let seal: SecretSeal
    private let store = BulkJobStore()

    init(database: Database, jobs: JobQueue, clock: any WallClock, seal: SecretSeal) {
        (self.database, self.jobs, self.clock, self.seal) = (database, jobs, clock, seal)
    }

    var statusShape: SchemaShape { BulkJob.schema.shape }

    func accept(_ operations: [BulkOperation], _ call: BulkCall) async throws -> (status: JSONValue, location: String) {
        let now = clock.now()
        let id = BulkID(at: now)
        let count = operations.count
        let parts = try await onWorkerThread { [seal] in try seal.parts(operations, of: Self.step, for: id) }
        let status = try await database.write { connection in
            let job = try jobs.enqueue(
                Self.job, BulkWork(bulk: id), principal: call.principal.reference, subject: id.description, in: connection)
            try store.insert(id, job: job, parts, total: count, call, at: now, in: connection)
            return try find(id, call.principal, in: connection).status
        }
        return (try JSONValue(parsing: BulkJob.schema.encode(status), .stored), "/v1/bulk-jobs/\(id)")
    }

    func handler(_ runner: BulkRunner) -> JobHandler {
        JobHandler(Self.job) { work, context in
            while true {
                try context.checkCancelled()
                let principal = try await context.principal()
                guard let call = try await database.read({ try store.call(work.bulk, principal, in: $0) }) else { return }
                guard let waiting = try await database.read({ try store.waiting(work.bulk, in: $0) }) else { return }
                let done = try await carryOut(waiting, of: work.bulk, call, runner, context)
                await context.report(progress: Double(done) / Double(max(waiting.total, 1)), "\(done) of \(waiting.total)")
            }
        } gaveUp: { work, _, connection in
            try store.removeWaiting(work.bulk, in: connection)
        }
    }

    /// Does the operations of a part that have no outcomes yet, and erases the part with the last one's.
    /// - Returns: how many operations of all are done.
    private func carryOut(_ waiting: WaitingBulk, of id: BulkID, _ call: BulkCall, _ runner: BulkRunner, _ context: JobContext) async throws
        -> Int
    {
        let part = waiting.part
        let operations = try await onWorkerThread(from: part.sealed.count) { [seal] in try seal.operations(part, of: id) }
        for (index, operation) in operations.enumerated() where part.first + index >= waiting.done {
            try context.checkCancelled()
            _ = try await database.unit {
                try await runner.run([operation], call, from: part.first + index).map(StoredOutcome.init)
            } beforeCommit: { outcomes, connection in
                for outcome in outcomes { try store.record(outcome, of: id, in: connection) }
                if index == operations.count - 1 { try store.remove(part, of: id, in: connection) }
            }
        }
        return part.first + operations.count
    }

    func list(_ query: ListQuery, _ scope: Scope<BulkJobsUse>) async throws -> ListSlice<BulkJob> {
        try await database.read { try store.jobs(query, of: scope.principal, in: $0) }
    }

    /// - Throws: `bulk.not_found`.
    func status(_ id: BulkID, _ scope: Scope<BulkJobsUse>) async throws -> BulkJob {
        try await database.read { try find(id, scope.principal, in: $0).status }
    }

    /// - Throws: `bulk.not_found`.
    func outcomes(_ query: ListQuery, of id: BulkID, _ scope: Scope<BulkJobsUse>) async throws -> ListSlice<BulkOutcome> {
        try await database.read { connection in
            _ = try find(id, scope.principal, in: connection)
            return try store.outcomes(query, of: id, in: connection)
        }
    }

    /// Stops a job; what was done stays done.
    /// - Throws: `bulk.not_found`.
    func cancel(_ id: BulkID, _ scope: Scope<BulkJobsUse>) async throws -> BulkJob {
        let job = try await database.read { try find(id, scope.principal, in: $0).job }
        try await jobs.cancel(job)
        try await database.write { try store.removeWaiting(id, in: $0) }
        return try await status(id, scope)
    }

    func sweep() async throws {
        let moment = clock.now() + .seconds(-Self.retention.components.seconds)
        try await database.write { try store.sweep(before: moment, in: $0) }
    }

    private func find(_ id: BulkID, _ principal: Principal, in connection: Connection) throws -> (status: BulkJob, job: JobID) {
        guard let found = try store.job(id, of: principal, in: connection) else {
            throw ParleyError(.bulkNotFound, "You have no bulk job with this id; outcomes are kept for seven days.")
        }
        return found
    }
}

/// Several changes in one transaction of the database.
struct DatabaseTransactions: Transactions {
    let database: Database

    func together<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result { try await database.unit(body) }
}
