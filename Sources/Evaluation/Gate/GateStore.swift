import ParleyCore
public import ParleyDatabase

extension ProposalState: SQLValueConvertible {}

/// The rows of gates, one for each project that has any.
struct GateStore: Sendable {
    func gate(of project: ProjectID, in connection: Connection) throws -> Gate {
        let row = try connection.row("SELECT set_id, run_id, rules FROM settings_gates WHERE project_id = \(project)")
        guard let row else { return .off }
        let rules: JSONText = try row["rules"]
        return Gate(set: try row["set_id"], run: try row["run_id"], rules: try rules.value())
    }

    func put(_ gate: Gate, of project: ProjectID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO settings_gates (project_id, set_id, run_id, rules, updated_at)
            VALUES (\(project), \(gate.set), \(gate.run), \(try JSONText(gate.rules)), \(now))
            ON CONFLICT (project_id) DO UPDATE SET set_id = excluded.set_id, run_id = excluded.run_id, rules = excluded.rules,
                updated_at = excluded.updated_at, version = settings_gates.version + 1
            """)
    }

    static func version(of project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT COALESCE((SELECT version FROM settings_gates WHERE settings_gates.project_id = projects.id), 0) AS v0
            FROM projects WHERE projects.id = \(project)
            """, lock: "projects")
    }
}

/// The rows of proposals.
struct ProposalStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "settings_proposals.id", isSortable: true),
            .column("state", .choice(ProposalState.allCases.map(\.rawValue)), "settings_proposals.state"),
            .column("created_at", .time, "settings_proposals.created_at", isSortable: true),
        ], key: "id")

    private static let columns: SQL = """
        id, project_id, run_id, settings, settings_version, state, verdict, created_by, created_at, finished_at,
            (SELECT set_id FROM evaluation_runs WHERE evaluation_runs.id = settings_proposals.run_id) AS set_id
        """

    func proposals(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<SettingsProposal> {
        try Self.list.slice(query, select: Self.columns, from: "settings_proposals", where: "project_id = \(project)", in: connection) {
            try $0.map(SettingsProposal.init)
        }
    }

    func proposal(_ id: ProposalID, of project: ProjectID, in connection: Connection) throws -> SettingsProposal? {
        try connection.row("SELECT \(fragment: Self.columns) FROM settings_proposals WHERE id = \(id) AND project_id = \(project)")
            .map(SettingsProposal.init)
    }

    /// Those that wait for a run.
    func waiting(for run: RunID, in connection: Connection) throws -> [SettingsProposal] {
        try connection.rows("SELECT \(fragment: Self.columns) FROM settings_proposals WHERE run_id = \(run) AND state = 'running'")
            .map(SettingsProposal.init)
    }

    func insert(_ proposal: SettingsProposal, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO settings_proposals (id, project_id, run_id, settings, settings_version, state, verdict, created_by, created_at)
            VALUES (\(proposal.id), \(proposal.project), \(proposal.run), \(try JSONText(proposal.settings)), \(proposal.version),
                \(proposal.state), \(try JSONText(proposal.record)), \(proposal.creator), \(proposal.createdAt))
            """)
    }

    func finish(
        _ id: ProposalID, _ state: ProposalState, _ record: SettingsProposal.Record, at now: Timestamp, in connection: Connection
    ) throws {
        try connection.execute(
            """
            UPDATE settings_proposals SET state = \(state), verdict = \(try JSONText(record)), finished_at = \(now),
                version = version + 1
            WHERE id = \(id)
            """)
    }

    /// The run did not come to its end.
    func abandon(_ run: RunID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE settings_proposals SET state = 'failed', finished_at = \(now), version = version + 1
            WHERE run_id = \(run) AND state = 'running'
            """)
    }

    static func version(of id: ProposalID, in project: ProjectID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM settings_proposals WHERE id = \(id) AND project_id = \(project)", lock: "settings_proposals")
    }
}

extension SettingsProposal {
    init(_ row: Row) throws {
        let (settings, record): (JSONText, JSONText) = (try row["settings"], try row["verdict"])
        self.init(
            id: try row["id"], project: try row["project_id"], set: try row["set_id"], run: try row["run_id"],
            settings: try settings.value(), version: try row["settings_version"], state: try row["state"], record: try record.value(),
            creator: try row["created_by"], createdAt: try row["created_at"], finishedAt: try row["finished_at"])
    }
}
