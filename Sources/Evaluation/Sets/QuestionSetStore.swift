import ParleyCore
public import ParleyDatabase

extension QuestionSource: SQLValueConvertible {}

/// The rows of question sets.
struct QuestionSetStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "question_sets.id", isSortable: true), .column("name", .text, "question_sets.name", isSortable: true),
            .column("takes_feedback", .bool, "question_sets.takes_feedback"),
            .column("created_at", .time, "question_sets.created_at", isSortable: true),
            .column("updated_at", .time, "question_sets.updated_at", isSortable: true),
        ], key: "id")

    private static let columns: SQL = """
        id, project_id, name, description, takes_feedback, created_at, updated_at,
            (SELECT count(*) FROM set_questions WHERE set_questions.set_id = question_sets.id) AS questions
        """

    func sets(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<QuestionSet> {
        try Self.list.slice(query, select: Self.columns, from: "question_sets", where: "project_id = \(project)", in: connection) {
            try $0.map(QuestionSet.init)
        }
    }

    func set(_ id: QuestionSetID, in project: ProjectID, _ connection: Connection) throws -> QuestionSet? {
        try connection.row("SELECT \(fragment: Self.columns) FROM question_sets WHERE id = \(id) AND project_id = \(project)")
            .map(QuestionSet.init)
    }

    func set(named name: String, in project: ProjectID, _ connection: Connection) throws -> QuestionSet? {
        try connection.row("SELECT \(fragment: Self.columns) FROM question_sets WHERE name = \(name) AND project_id = \(project)")
            .map(QuestionSet.init)
    }

    /// The set that feedback lands in.
    func feedback(of project: ProjectID, in connection: Connection) throws -> QuestionSet? {
        try connection.row(
            "SELECT \(fragment: Self.columns) FROM question_sets WHERE project_id = \(project) AND takes_feedback ORDER BY id LIMIT 1"
        ).map(QuestionSet.init)
    }

    func insert(_ set: QuestionSet, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO question_sets (id, project_id, name, description, takes_feedback, created_at, updated_at)
            VALUES (\(set.id), \(set.project), \(set.name), \(set.description), \(set.takesFeedback), \(set.createdAt), \(set.updatedAt))
            """)
    }

    func update(_ id: QuestionSetID, name: String, description: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE question_sets SET name = \(name), description = \(description), updated_at = \(now), version = version + 1
            WHERE id = \(id)
            """)
    }

    func touch(_ id: QuestionSetID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE question_sets SET updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    func delete(_ id: QuestionSetID, in connection: Connection) throws {
        try connection.execute("DELETE FROM question_sets WHERE id = \(id)")
    }

    static func version(of id: QuestionSetID, in project: ProjectID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM question_sets WHERE id = \(id) AND project_id = \(project)", lock: "question_sets")
    }
}

extension QuestionSet {
    init(_ row: Row) throws {
        self.init(
            id: try row["id"], project: try row["project_id"], name: try row["name"], description: try row["description"],
            takesFeedback: try row["takes_feedback"], questions: try row["questions"], createdAt: try row["created_at"],
            updatedAt: try row["updated_at"])
    }
}
