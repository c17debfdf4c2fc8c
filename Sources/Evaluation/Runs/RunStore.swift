import ParleyCore
public import ParleyDatabase

extension RunState: SQLValueConvertible {}

/// The rows of runs and their results.
struct RunStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "evaluation_runs.id", isSortable: true), .column("name", .text, "evaluation_runs.name", isSortable: true),
            .column("state", .choice(RunState.allCases.map(\.rawValue)), "evaluation_runs.state"),
            .column("created_at", .time, "evaluation_runs.created_at", isSortable: true),
            .nullable("finished_at", .time, "evaluation_runs.finished_at"),
        ], key: "id")

    private static let columns: SQL = """
        id, set_id, project_id, job_id, name, plan, makers, state, total, outcome, created_by, created_at, finished_at,
            (SELECT count(*) FROM run_results WHERE run_results.run_id = evaluation_runs.id) AS done
        """

    func runs(_ query: ListQuery, of set: QuestionSetID, in connection: Connection) throws -> ListSlice<EvaluationRun> {
        try Self.list.slice(query, select: Self.columns, from: "evaluation_runs", where: "set_id = \(set)", in: connection) {
            try $0.map(EvaluationRun.init)
        }
    }

    func run(_ id: RunID, in project: ProjectID, _ connection: Connection) throws -> EvaluationRun? {
        try connection.row("SELECT \(fragment: Self.columns) FROM evaluation_runs WHERE id = \(id) AND project_id = \(project)")
            .map(EvaluationRun.init)
    }

    func insert(_ run: EvaluationRun, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO evaluation_runs (id, set_id, project_id, job_id, name, plan, makers, state, total, outcome, created_by, created_at)
            VALUES (\(run.id), \(run.set), \(run.project), \(run.job), \(run.name), \(try JSONText(run.plan)),
                \(try JSONText(run.makers)), \(run.state), \(run.total), \(try JSONText(run.outcome)), \(run.creator), \(run.createdAt))
            """)
    }

    /// Marks a run as under way.
    func begin(_ id: RunID, by makers: RunMakers, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE evaluation_runs SET state = 'running', makers = \(try JSONText(makers)), version = version + 1 WHERE id = \(id)
            """)
    }

    /// Forgets what a run has so far.
    func removeResults(of run: RunID, in connection: Connection) throws {
        try connection.execute("DELETE FROM run_results WHERE run_id = \(run)")
    }

    /// Ends a run that is not over.
    /// - Returns: false when it is over already.
    func finish(_ id: RunID, _ state: RunState, _ outcome: RunOutcome, at now: Timestamp, in connection: Connection) throws -> Bool {
        try connection.execute(
            """
            UPDATE evaluation_runs SET state = \(state), outcome = \(try JSONText(outcome)), finished_at = \(now),
                version = version + 1
            WHERE id = \(id) AND state IN ('queued', 'running')
            """) == 1
    }

    func delete(_ id: RunID, in connection: Connection) throws {
        try connection.execute("DELETE FROM evaluation_runs WHERE id = \(id)")
    }

    static func version(of id: RunID, in project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT version AS v0, (SELECT count(*) FROM run_results WHERE run_results.run_id = evaluation_runs.id) AS v1
            FROM evaluation_runs WHERE id = \(id) AND project_id = \(project)
            """, lock: "evaluation_runs")
    }

    static let resultList = ListSource([.column("position", .int, "run_results.position", isSortable: true)], key: "position")

    func results(_ query: ListQuery, of run: RunID, in connection: Connection) throws -> ListSlice<QuestionResult> {
        try Self.resultList.slice(query, select: "result", from: "run_results", where: "run_id = \(run)", in: connection) {
            try $0.map(QuestionResult.init)
        }
    }

    func results(of run: RunID, in connection: Connection) throws -> [QuestionResult] {
        try connection.rows("SELECT result FROM run_results WHERE run_id = \(run) ORDER BY position").map(QuestionResult.init)
    }

    func put(_ result: QuestionResult, of run: RunID, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO run_results (run_id, position, question_id, result)
            VALUES (\(run), \(result.position), \(result.question), \(try JSONText(result)))
            ON CONFLICT (run_id, position) DO UPDATE SET result = excluded.result
            """)
    }
}

extension EvaluationRun {
    init(_ row: Row) throws {
        let (plan, makers, outcome): (JSONText, JSONText, JSONText) = (try row["plan"], try row["makers"], try row["outcome"])
        self.init(
            id: try row["id"], set: try row["set_id"], project: try row["project_id"], job: try row["job_id"], name: try row["name"],
            plan: try plan.value(), makers: try makers.value(), state: try row["state"], total: try row["total"], done: try row["done"],
            outcome: try outcome.value(), creator: try row["created_by"], createdAt: try row["created_at"],
            finishedAt: try row["finished_at"])
    }
}

extension QuestionResult {
    init(_ row: Row) throws {
        let result: JSONText = try row["result"]
        self = try result.value()
    }
}
