import Foundation
import ParleyCore
public import ParleyDatabase

extension MessageRole: SQLValueConvertible {}
extension MessageState: SQLValueConvertible {}

/// The rows of messages.
struct MessageStore: Sendable {
    private static let columns: SQL = "id, thread_id, parent_id, role, content, state, outcome, job_id, attempt, created_at"

    func insert(_ message: Message, in connection: Connection) throws { try connection.execute(Self.insertion(of: message)) }

    /// The statement that inserts a message, for whoever has so many that they are to be encoded before the transaction.
    static func insertion(of message: Message) throws -> SQL {
        """
        INSERT INTO messages (id, thread_id, parent_id, role, content, state, outcome, job_id, attempt, created_at)
        VALUES (\(message.id), \(message.thread), \(message.parent), \(message.role), \(message.content), \(message.state),
            \(try message.outcome.json), \(message.job), \(message.attempt), \(message.createdAt))
        """
    }

    /// Writes what generation changes.
    func update(_ message: Message, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE messages SET content = \(message.content), state = \(message.state), outcome = \(try message.outcome.json),
                job_id = \(message.job), attempt = \(message.attempt), version = version + 1
            WHERE id = \(message.id)
            """)
    }

    func message(_ id: MessageID, in thread: ThreadID, _ connection: Connection) throws -> Message? {
        try connection.row(
            "SELECT \(fragment: Self.columns) FROM messages WHERE id = \(id) AND thread_id = \(thread)"
        ).map(Message.init)
    }

    static let list = ListSource(
        [
            .column("id", .id, "messages.id", isSortable: true),
            .column("role", .choice(MessageRole.allCases.map(\.rawValue)), "messages.role"),
            .column("state", .choice(MessageState.allCases.map(\.rawValue)), "messages.state"),
            .nullable("parent_id", .id, "messages.parent_id"), .column("content", .text, "messages.content"),
            .column("created_at", .time, "messages.created_at", isSortable: true),
        ], key: "id")

    func messages(_ query: ListQuery, of thread: ThreadID, in connection: Connection) throws -> ListSlice<Message> {
        try Self.list.slice(
            query, select: Self.columns, from: "messages", where: "messages.thread_id = \(thread)",
            version: "messages.id || ' ' || messages.version", in: connection
        ) { try $0.map(Message.init) }
    }

    /// The newest message of each thread that has any.
    func last(of threads: [ThreadID], in connection: Connection) throws -> [ThreadID: Message] {
        guard !threads.isEmpty else { return [:] }
        let rows = try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM messages
            WHERE id IN (SELECT max(id) FROM messages WHERE thread_id IN \(list: threads) GROUP BY thread_id)
            """)
        return Dictionary(try rows.map(Message.init).map { ($0.thread, $0) }) { first, _ in first }
    }

    static func version(of message: MessageID, in thread: ThreadID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM messages WHERE id = \(message) AND thread_id = \(thread)", lock: "messages")
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
    var json: JSONText {
        get throws { try JSONText(self) }
    }
}

extension Message {
    init(_ row: Row) throws {
        let outcome: JSONText = try row["outcome"]
        id = try row["id"]
        thread = try row["thread_id"]
        parent = try row["parent_id"]
        role = try row["role"]
        content = try row["content"]
        state = try row["state"]
        self.outcome = try outcome.value()
        job = try row["job_id"]
        attempt = try row["attempt"]
        createdAt = try row["created_at"]
    }
}
