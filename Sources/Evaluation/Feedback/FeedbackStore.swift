import ParleyCore
public import ParleyDatabase

extension FeedbackRating: SQLValueConvertible {}
extension FeedbackReason: SQLValueConvertible {}

/// The rows of feedback.
struct FeedbackStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "answer_feedback.id", isSortable: true),
            .column("rating", .choice(FeedbackRating.allCases.map(\.rawValue)), "answer_feedback.rating"),
            .nullable("reason", .choice(FeedbackReason.allCases.map(\.rawValue)), "answer_feedback.reason"),
            .column("comment", .text, "answer_feedback.comment"), .column("user_id", .id, "answer_feedback.user_id"),
            .column("message_id", .id, "answer_feedback.message_id"), .nullable("question_id", .id, "answer_feedback.question_id"),
            .column("created_at", .time, "answer_feedback.created_at", isSortable: true),
            .column("updated_at", .time, "answer_feedback.updated_at", isSortable: true),
        ], key: "id")

    private static let columns: SQL =
        "id, project_id, thread_id, message_id, user_id, rating, reason, comment, passage, question_id, created_at, updated_at"

    func all(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<Feedback> {
        try Self.list.slice(query, select: Self.columns, from: "answer_feedback", where: "project_id = \(project)", in: connection) {
            try $0.map(Feedback.init)
        }
    }

    /// What one person said in a thread.
    func all(_ query: ListQuery, in thread: ThreadID, by user: UserID, _ connection: Connection) throws -> ListSlice<Feedback> {
        let condition: SQL = "thread_id = \(thread) AND user_id = \(user)"
        return try Self.list.slice(query, select: Self.columns, from: "answer_feedback", where: condition, in: connection) {
            try $0.map(Feedback.init)
        }
    }

    func feedback(_ id: FeedbackID, of project: ProjectID, in connection: Connection) throws -> Feedback? {
        try connection.row("SELECT \(fragment: Self.columns) FROM answer_feedback WHERE id = \(id) AND project_id = \(project)")
            .map(Feedback.init)
    }

    func feedback(on message: MessageID, by user: UserID, in connection: Connection) throws -> Feedback? {
        try connection.row("SELECT \(fragment: Self.columns) FROM answer_feedback WHERE message_id = \(message) AND user_id = \(user)")
            .map(Feedback.init)
    }

    func put(_ feedback: Feedback, in connection: Connection) throws {
        let passage = try JSONText(feedback.passage)
        try connection.execute(
            """
            INSERT INTO answer_feedback (id, project_id, thread_id, message_id, user_id, rating, reason, comment, passage, question_id,
                created_at, updated_at)
            VALUES (\(feedback.id), \(feedback.project), \(feedback.thread), \(feedback.message), \(feedback.user), \(feedback.rating),
                \(feedback.reason), \(feedback.comment), \(passage), \(feedback.question), \(feedback.createdAt), \(feedback.updatedAt))
            ON CONFLICT (message_id, user_id) DO UPDATE SET rating = excluded.rating, reason = excluded.reason, comment = excluded.comment,
                passage = excluded.passage, question_id = excluded.question_id, updated_at = excluded.updated_at,
                version = answer_feedback.version + 1
            """)
    }

    func delete(_ id: FeedbackID, in connection: Connection) throws {
        try connection.execute("DELETE FROM answer_feedback WHERE id = \(id)")
    }

    static func version(on message: MessageID, in thread: ThreadID, of project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT version AS v0 FROM answer_feedback WHERE message_id = \(message) AND thread_id = \(thread) AND project_id = \(project)
            """, lock: "answer_feedback")
    }

    static func version(of id: FeedbackID, in project: ProjectID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM answer_feedback WHERE id = \(id) AND project_id = \(project)", lock: "answer_feedback")
    }
}

extension Feedback {
    init(_ row: Row) throws {
        let passage: JSONText = try row["passage"]
        self.init(
            id: try row["id"], project: try row["project_id"], thread: try row["thread_id"], message: try row["message_id"],
            user: try row["user_id"], rating: try row["rating"], reason: try row["reason"], comment: try row["comment"],
            passage: try passage.value(), question: try row["question_id"],
            createdAt: try row["created_at"], updatedAt: try row["updated_at"])
    }
}
