import Foundation
import ParleyCore
public import ParleyDatabase

extension MessageRole: SQLValueConvertible {}
extension MessageState: SQLValueConvertible {}

/// The rows of messages.
struct MessageStore: Sendable {
    private static let columns: SQL = "id, thread_id, parent_id, role, content, state, outcome, job_id, attempt, created_at"

    func insert(_ message: Message, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO messages (id, thread_id, parent_id, role, content, state, outcome, job_id, attempt, created_at)
            VALUES (\(message.id), \(message.thread), \(message.parent), \(message.role), \(message.content), \(message.state),
                \(try message.outcome.json), \(message.job), \(message.attempt), \(message.createdAt))
            """)
    }

    /// Writes what generation changes.
    func update(_ message: Message, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE messages SET content = \(message.content), state = \(message.state), outcome = \(try message.outcome.json),
                job_id = \(message.job), attempt = \(message.attempt)
            WHERE id = \(message.id)
            """)
    }

    func message(_ id: MessageID, in thread: ThreadID, _ connection: Connection) throws -> Message? {
        try connection.row(
            "SELECT \(fragment: Self.columns) FROM messages WHERE id = \(id) AND thread_id = \(thread)"
        ).map(Message.init)
    }

    /// Messages in the order they were made, after this one.
    func messages(of thread: ThreadID, after: MessageID?, limit: Int, in connection: Connection) throws -> [Message] {
        try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM messages
            WHERE thread_id = \(thread) AND id > \(after?.description ?? "") ORDER BY id LIMIT \(limit)
            """
        ).map(Message.init)
    }

    func last(of thread: ThreadID, in connection: Connection) throws -> MessageID? {
        try connection.row("SELECT id FROM messages WHERE thread_id = \(thread) ORDER BY id DESC LIMIT 1").map { try $0["id"] }
    }

    /// The way from the root of the tree down to this message, at most `limit` messages of it.
    func path(to id: MessageID, in thread: ThreadID, limit: Int, _ connection: Connection) throws -> [Message] {
        var path: [Message] = []
        var next: MessageID? = id
        while let id = next, path.count < limit, let message = try message(id, in: thread, connection) {
            path.append(message)
            next = message.parent
        }
        return path.reversed()
    }
}

extension AnswerOutcome {
    var json: JSONValue {
        get throws { try JSONValue(parsing: JSONEncoder().encode(self)) }
    }
}

extension Message {
    init(_ row: Row) throws {
        let outcome: JSONValue = try row["outcome"]
        id = try row["id"]
        thread = try row["thread_id"]
        parent = try row["parent_id"]
        role = try row["role"]
        content = try row["content"]
        state = try row["state"]
        self.outcome = try JSONDecoder().decode(AnswerOutcome.self, from: Data(outcome.text.utf8))
        job = try row["job_id"]
        attempt = try row["attempt"]
        createdAt = try row["created_at"]
    }
}
