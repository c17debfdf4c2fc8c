import ParleyCore
import ParleyDatabase

/// The rows of sets' questions.
struct QuestionStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "set_questions.id", isSortable: true), .nullable("key", .text, "set_questions.key"),
            .column("question", .text, "set_questions.question", isSortable: true),
            .nullable("answerable", .bool, "set_questions.answerable"),
            .column("source", .choice(QuestionSource.allCases.map(\.rawValue)), "set_questions.source"),
            .column("created_at", .time, "set_questions.created_at", isSortable: true),
            .column("updated_at", .time, "set_questions.updated_at", isSortable: true),
        ], key: "id")

    private static let columns: SQL =
        "id, set_id, key, question, answerable, expected, answer, tags, source, message_id, created_at, updated_at"

    func questions(_ query: ListQuery, of set: QuestionSetID, in connection: Connection) throws -> ListSlice<SetQuestion> {
        try Self.list.slice(query, select: Self.columns, from: "set_questions", where: "set_id = \(set)", in: connection) {
            try $0.map(SetQuestion.init)
        }
    }

    /// All of a set, in the order in which they were added.
    func questions(of set: QuestionSetID, in connection: Connection) throws -> [SetQuestion] {
        try connection.rows("SELECT \(fragment: Self.columns) FROM set_questions WHERE set_id = \(set) ORDER BY id").map(SetQuestion.init)
    }

    func question(_ id: SetQuestionID, in set: QuestionSetID, _ connection: Connection) throws -> SetQuestion? {
        try connection.row("SELECT \(fragment: Self.columns) FROM set_questions WHERE id = \(id) AND set_id = \(set)").map(SetQuestion.init)
    }

    func question(key: String, in set: QuestionSetID, _ connection: Connection) throws -> SetQuestion? {
        try connection.row("SELECT \(fragment: Self.columns) FROM set_questions WHERE key = \(key) AND set_id = \(set)").map(
            SetQuestion.init)
    }

    func count(of set: QuestionSetID, in connection: Connection) throws -> Int {
        try connection.row("SELECT count(*) AS n FROM set_questions WHERE set_id = \(set)").map { try $0["n"] } ?? 0
    }

    /// The keys that the set's questions have.
    func keys(of set: QuestionSetID, in connection: Connection) throws -> Set<String> {
        Set(try connection.rows("SELECT key FROM set_questions WHERE set_id = \(set) AND key IS NOT NULL").map { try $0["key"] })
    }

    /// - Parameter texts: the question's, made before the transaction where there are many.
    func insert(_ question: SetQuestion, _ texts: QuestionTexts, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO set_questions (id, set_id, key, question, answerable, expected, answer, tags, source, message_id, created_at, updated_at)
            VALUES (\(question.id), \(question.set), \(question.key), \(question.question), \(question.isAnswerable),
                \(texts.expected), \(question.answer), \(texts.tags),
                \(question.source), \(question.message), \(question.createdAt), \(question.updatedAt))
            """)
    }

    func update(_ question: SetQuestion, _ texts: QuestionTexts, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE set_questions SET key = \(question.key), question = \(question.question), answerable = \(question.isAnswerable),
                expected = \(texts.expected), answer = \(question.answer), tags = \(texts.tags), updated_at = \(question.updatedAt), version = version + 1
            WHERE id = \(question.id)
            """)
    }

    func delete(_ id: SetQuestionID, in connection: Connection) throws {
        try connection.execute("DELETE FROM set_questions WHERE id = \(id)")
    }

    static func version(of id: SetQuestionID, in set: QuestionSetID, of project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT version AS v0 FROM set_questions WHERE id = \(id) AND set_id = \(set)
                AND set_id IN (SELECT id FROM question_sets WHERE project_id = \(project))
            """, lock: "set_questions")
    }
}

/// The columns of a question that are JSON.
struct QuestionTexts: Sendable {
    let expected: JSONText
    let tags: JSONText

    init(expected: JSONText, tags: JSONText) { (self.expected, self.tags) = (expected, tags) }

    init(_ question: SetQuestion) throws { self.init(expected: try JSONText(question.expected), tags: try JSONText(question.tags)) }
}

extension SetQuestion {
    init(_ row: Row) throws {
        let (expected, tags): (JSONText, JSONText) = (try row["expected"], try row["tags"])
        self.init(
            id: try row["id"], set: try row["set_id"], key: try row["key"], question: try row["question"],
            isAnswerable: try row["answerable"], expected: try expected.value(), answer: try row["answer"], tags: try tags.value(),
            source: try row["source"], message: try row["message_id"], createdAt: try row["created_at"], updatedAt: try row["updated_at"])
    }
}
