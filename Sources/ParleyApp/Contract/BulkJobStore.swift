import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyJobs

/// The rows of bulk jobs, of the operations that wait, and of what became of the others.
struct BulkJobStore: Sendable {
    func insert(
        _ id: BulkID, job: JobID, _ parts: [BulkPart], total: Int, _ call: BulkCall, at now: Timestamp, in connection: Connection
    ) throws {
        let parameters = JSONValue.object(call.parameters.mapValues { .string($0) })
        try connection.execute(
            """
            INSERT INTO bulk_jobs (id, job_id, user_id, project_id, collection, path, parameters, version, request_id, total, created_at)
            VALUES (\(id), \(job), \(call.principal.user), \(call.project), \(call.collection), \(call.path),
                \(parameters), \(call.version), \(call.requestID), \(total), \(now))
            """)
        for part in parts {
            try connection.execute("INSERT INTO bulk_parts (bulk_id, first, sealed) VALUES (\(id), \(part.first), \(part.sealed))")
        }
    }

    /// What a caller sees: their own jobs, and with a key that opens one project those in it alone.
    private static func own(_ principal: Principal) -> SQL {
        let bound: SQL = principal.project.map { " AND bulk_jobs.project_id = \($0)" } ?? ""
        return "bulk_jobs.user_id = \(principal.user)\(fragment: bound)"
    }

    static let list = ListSource(
        [
            .column("id", .id, "bulk_jobs.id", isSortable: true), .column("collection", .text, "bulk_jobs.collection"),
            .column("state", .choice(JobState.allCases.map(\.rawValue)), state),
            .column("total", .int, "bulk_jobs.total", isSortable: true),
            .column("created_at", .time, "bulk_jobs.created_at", isSortable: true),
        ], key: "id")

    /// A job that is not among the jobs any more was done long ago.
    private static let state: SQL = "coalesce((SELECT state FROM jobs WHERE jobs.id = bulk_jobs.job_id), 'done')"

    func jobs(_ query: ListQuery, of principal: Principal, in connection: Connection) throws -> ListSlice<BulkJob> {
        try Self.list.slice(query, select: Self.columns, from: "bulk_jobs", where: Self.own(principal), in: connection) { try $0.map(job) }
    }

    func job(_ id: BulkID, of principal: Principal, in connection: Connection) throws -> (status: BulkJob, job: JobID)? {
        let select: SQL = "SELECT \(fragment: Self.columns) FROM bulk_jobs"
        guard let row = try connection.row(select + " WHERE bulk_jobs.id = \(id) AND \(fragment: Self.own(principal))") else { return nil }
        return (try job(row), try row["job_id"])
    }

    private static let columns: SQL = """
        bulk_jobs.id, job_id, collection, total, created_at,
            \(fragment: state) AS state,
            (SELECT count(*) FROM bulk_outcomes WHERE bulk_id = bulk_jobs.id AND status < 400) AS succeeded,
            (SELECT count(*) FROM bulk_outcomes WHERE bulk_id = bulk_jobs.id AND status >= 400) AS failed
        """

    private func job(_ row: Row) throws -> BulkJob {
        BulkJob(
            id: try row["id"], collection: try row["collection"], state: try row["state"], total: try row["total"],
            succeeded: try row["succeeded"], failed: try row["failed"], createdAt: try row["created_at"])
    }

    /// Where the changes are made; nil when the job is gone.
    func call(_ id: BulkID, _ principal: Principal, in connection: Connection) throws -> BulkCall? {
        try connection.row("SELECT collection, path, parameters, version, request_id FROM bulk_jobs WHERE id = \(id)").map { row in
            let parameters: JSONValue = try row["parameters"]
            return BulkCall(
                collection: try row["collection"], path: try row["path"],
                parameters: (parameters.object ?? [:]).compactMapValues(\.string), principal: principal, version: try row["version"],
                requestID: try row["request_id"])
        }
    }

    func waiting(_ id: BulkID, in connection: Connection) throws -> WaitingBulk? {
        let row = try connection.row(
            """
            SELECT first, sealed, total, coalesce((SELECT max(position) FROM bulk_outcomes WHERE bulk_id = \(id)), -1) + 1 AS done
            FROM bulk_parts JOIN bulk_jobs ON bulk_jobs.id = bulk_id WHERE bulk_id = \(id) ORDER BY first LIMIT 1
            """)
        return try row.map {
            WaitingBulk(part: BulkPart(first: try $0["first"], sealed: try $0["sealed"]), done: try $0["done"], total: try $0["total"])
        }
    }

    func record(_ outcome: StoredOutcome, of id: BulkID, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO bulk_outcomes (bulk_id, position, status, outcome)
            VALUES (\(id), \(outcome.position), \(outcome.status), \(outcome.text))
            """)
    }

    /// Forgets operations that have their outcomes.
    func remove(_ part: BulkPart, of id: BulkID, in connection: Connection) throws {
        try connection.execute("DELETE FROM bulk_parts WHERE bulk_id = \(id) AND first = \(part.first)")
    }

    /// Forgets the operations that wait; they are never done.
    func removeWaiting(_ id: BulkID, in connection: Connection) throws {
        try connection.execute("DELETE FROM bulk_parts WHERE bulk_id = \(id)")
    }

    /// Outcomes in the operations' order, as far as there are any.
    static let outcomeList = ListSource(
        [
            .column("index", .int, "bulk_outcomes.position", isSortable: true),
            .column("status", .int, "bulk_outcomes.status", isSortable: true),
        ], key: "index")

    func outcomes(_ query: ListQuery, of id: BulkID, in connection: Connection) throws -> ListSlice<BulkOutcome> {
        try Self.outcomeList.slice(
            query, select: "outcome", from: "bulk_outcomes", where: "bulk_id = \(id)",
            version: "position || ' ' || status", in: connection
        ) { try $0.map { try BulkOutcome.schema.decode($0["outcome"]) } }
    }

    /// Forgets jobs that were made before this moment and are over.
    func sweep(before moment: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            DELETE FROM bulk_jobs WHERE created_at < \(moment)
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = bulk_jobs.job_id AND state IN ('queued', 'running'))
            """)
    }
}

extension BulkCall {
    /// Where the changes are made: in the project of the path, or in the only one that the caller's key opens; nil for the installation.
    fileprivate var project: ProjectID? { parameters["project"].flatMap { ProjectID($0) } ?? principal.project }
}
