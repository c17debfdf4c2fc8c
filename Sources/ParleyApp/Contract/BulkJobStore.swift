import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyJobs

/// The rows of bulk jobs and their operations.
struct BulkJobStore: Sendable {
    func insert(_ id: BulkID, job: JobID, _ operations: [BulkOperation], _ call: BulkCall, at now: Timestamp, in connection: Connection)
        throws
    {
        let parameters = JSONValue.object(call.parameters.mapValues { .string($0) })
        try connection.execute(
            """
            INSERT INTO bulk_jobs (id, job_id, user_id, key_id, project_id, collection, path, parameters, version, request_id, total, created_at)
            VALUES (\(id), \(job), \(call.principal.user), \(call.principal.key), \(call.project), \(call.collection), \(call.path),
                \(parameters), \(call.version), \(call.requestID), \(operations.count), \(now))
            """)
        for (position, operation) in operations.enumerated() {
            let json = try JSONValue(parsing: BulkOperation.schema.encode(operation))
            try connection.execute("INSERT INTO bulk_operations (bulk_id, position, operation) VALUES (\(id), \(position), \(json))")
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
            (SELECT count(*) FROM bulk_operations WHERE bulk_id = bulk_jobs.id AND status < 400) AS succeeded,
            (SELECT count(*) FROM bulk_operations WHERE bulk_id = bulk_jobs.id AND status >= 400) AS failed
        """

    private func job(_ row: Row) throws -> BulkJob {
        BulkJob(
            id: try row["id"], collection: try row["collection"], state: try row["state"], total: try row["total"],
            succeeded: try row["succeeded"], failed: try row["failed"], createdAt: try row["created_at"])
    }

    /// On whose behalf and where; nil when the person, or the key that spoke for them, may not act any more.
    func call(_ id: BulkID, at now: Timestamp, in connection: Connection) throws -> BulkCall? {
        let row = try connection.row(
            """
            SELECT bulk_jobs.*, users.role, api_keys.project_id AS bound
            FROM bulk_jobs JOIN users ON users.id = bulk_jobs.user_id LEFT JOIN api_keys ON api_keys.id = bulk_jobs.key_id
            WHERE bulk_jobs.id = \(id) AND users.disabled_at IS NULL
                AND (bulk_jobs.key_id IS NULL OR (api_keys.id IS NOT NULL AND (api_keys.expires_at IS NULL OR api_keys.expires_at > \(now))))
            """)
        guard let row, let role = Role(rawValue: try row["role"]) else { return nil }
        let parameters: JSONValue = try row["parameters"]
        return BulkCall(
            collection: try row["collection"], path: try row["path"],
            parameters: (parameters.object ?? [:]).compactMapValues(\.string),
            principal: Principal(user: try row["user_id"], role: role, key: try row["key_id"], project: try row["bound"]),
            version: try row["version"], requestID: try row["request_id"])
    }

    /// The first operations without an outcome.
    func waiting(_ id: BulkID, limit: Int, in connection: Connection) throws -> [(position: Int, operation: BulkOperation)] {
        try connection.rows(
            "SELECT position, operation FROM bulk_operations WHERE bulk_id = \(id) AND status IS NULL ORDER BY position LIMIT \(limit)"
        ).map { (try $0["position"], try BulkOperation.schema.decode($0["operation"])) }
    }

    func record(_ outcome: BulkOutcome, of id: BulkID, in connection: Connection) throws {
        let json = try JSONValue(parsing: BulkOutcome.schema.encode(outcome))
        try connection.execute(
            """
            UPDATE bulk_operations SET status = \(outcome.status), outcome = \(json)
            WHERE bulk_id = \(id) AND position = \(outcome.index) AND status IS NULL
            """)
    }

    /// Outcomes in the operations' order, as far as there are any.
    static let outcomeList = ListSource(
        [
            .column("index", .int, "bulk_operations.position", isSortable: true),
            .column("status", .int, "bulk_operations.status", isSortable: true),
        ], key: "index")

    func outcomes(_ query: ListQuery, of id: BulkID, in connection: Connection) throws -> ListSlice<BulkOutcome> {
        try Self.outcomeList.slice(
            query, select: "outcome", from: "bulk_operations", where: "bulk_id = \(id) AND status IS NOT NULL",
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
