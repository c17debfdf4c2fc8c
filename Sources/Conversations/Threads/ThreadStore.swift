import ParleyCore
import ParleyDatabase

/// The rows of threads. A thread belongs to one person: every look-up names them.
struct ThreadStore: Sendable {
    private static let columns: SQL = "id, project_id, created_by, title, created_at, updated_at"

    /// - Parameter isTemporary: for a thread that holds one answer to a caller who keeps the conversation; it is not listed.
    func insert(_ thread: ChatThread, isTemporary: Bool = false, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO threads (id, project_id, created_by, title, created_at, updated_at, is_temporary)
            VALUES (\(thread.id), \(thread.project), \(thread.owner), \(thread.title), \(thread.createdAt), \(thread.updatedAt),
                \(isTemporary))
            """)
    }

    /// Removes a temporary thread with all in it.
    func remove(_ id: ThreadID, in connection: Connection) throws {
        try connection.execute("DELETE FROM threads WHERE id = \(id) AND is_temporary")
    }

    /// Removes temporary threads that a crash has left behind.
    func removeTemporary(of owner: UserID, before moment: Timestamp, in connection: Connection) throws {
        try connection.execute("DELETE FROM threads WHERE is_temporary AND created_by = \(owner) AND created_at < \(moment)")
    }

    func thread(_ id: ThreadID, of owner: UserID, in project: ProjectID, _ connection: Connection) throws -> ChatThread? {
        try connection.row(
            """
            SELECT \(fragment: Self.columns) FROM threads
            WHERE id = \(id) AND project_id = \(project) AND created_by = \(owner) AND deleted_at IS NULL
            """
        ).map(ChatThread.init)
    }

    /// Threads from the newest to the oldest, before this one.
    func threads(of owner: UserID, in project: ProjectID, before: ThreadID?, limit: Int, _ connection: Connection) throws -> [ChatThread] {
        try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM threads
            WHERE project_id = \(project) AND created_by = \(owner) AND deleted_at IS NULL AND NOT is_temporary
                AND id < \(before?.description ?? "u")
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(ChatThread.init)
    }

    func rename(_ id: ThreadID, _ title: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE threads SET title = \(title), updated_at = \(now) WHERE id = \(id)")
    }

    func touch(_ id: ThreadID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE threads SET updated_at = \(now) WHERE id = \(id)")
    }

    func delete(_ id: ThreadID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE threads SET deleted_at = \(now) WHERE id = \(id)")
    }
}

extension ChatThread {
    init(_ row: Row) throws {
        id = try row["id"]
        project = try row["project_id"]
        owner = try row["created_by"]
        title = try row["title"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
