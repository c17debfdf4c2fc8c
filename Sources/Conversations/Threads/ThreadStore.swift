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
    func remove(_ id: ThreadID, of owner: UserID, in project: ProjectID, _ connection: Connection) throws {
        try connection.execute(
            "DELETE FROM threads WHERE id = \(id) AND project_id = \(project) AND created_by = \(owner) AND is_temporary")
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

    static let list = ListSource(
        [
            .column("id", .id, "threads.id", isSortable: true), .column("title", .text, "threads.title", isSortable: true),
            .column("created_at", .time, "threads.created_at", isSortable: true),
            .column("updated_at", .time, "threads.updated_at", isSortable: true),
        ], key: "id")

    /// One person's threads in a project.
    func threads(_ query: ListQuery, of owner: UserID, in project: ProjectID, _ connection: Connection) throws -> ListSlice<ChatThread> {
        try Self.list.slice(
            query, select: Self.columns, from: "threads",
            where: """
                threads.project_id = \(project) AND threads.created_by = \(owner) AND threads.deleted_at IS NULL
                AND NOT threads.is_temporary
                """, version: "threads.id || ' ' || threads.version", in: connection
        ) { rows in
            try include(query.include, in: try rows.map(ChatThread.init), connection)
        }
    }

    /// The threads with the related resources that were asked for, each kind by one statement.
    func include(_ names: Set<String>, in threads: [ChatThread], _ connection: Connection) throws -> [ChatThread] {
        guard names.contains("last_message") else { return threads }
        let last = try MessageStore().last(of: threads.map(\.id), in: connection)
        return threads.map { thread in
            var thread = thread
            thread.lastMessage = last[thread.id]
            return thread
        }
    }

    static func version(of thread: ThreadID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM threads WHERE id = \(thread) AND deleted_at IS NULL", lock: "threads")
    }

    func rename(_ id: ThreadID, _ title: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE threads SET title = \(title), updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    func touch(_ id: ThreadID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE threads SET updated_at = \(now), version = version + 1 WHERE id = \(id)")
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
