public import ParleyCore
public import ParleyDatabase

/// The spine: every change tells its event here, and whoever must know reads it from here.
///
/// Readers never skip. On PostgreSQL a transaction that took a lower number may commit after one with a higher number, so
/// readers stop below every transaction that is still open, and order events by transaction first
/// (docs/decisions/0003-event-feed-that-never-skips.md).
public final class Events: Sendable {
    private let database: Database
    private let clock: any WallClock
    let appended = Signal()

    public init(database: Database, clock: any WallClock) { (self.database, self.clock) = (database, clock) }

    var dialect: Dialect { database.dialect }

    /// Tells an event in the transaction of the change itself.
    public func append(_ draft: EventDraft, in connection: Connection) throws {
        let now = clock.now()
        try connection.execute(
            """
            INSERT INTO events (id, kind, project_id, subject, actor_id, payload, created_at)
            VALUES (\(EventID(at: now)), \(draft.kind), \(draft.project), \(draft.subject), \(draft.actor), \(draft.payload), \(now))
            """)
        connection.afterCommit { [appended] in appended.raise() }
    }

    /// Makes followers look at once: for whoever learns of another process's events, such as from LISTEN/NOTIFY.
    public func wake() { appended.raise() }

    /// Events after this position, in order, none skipped.
    public func read(after position: EventPosition, limit: Int) async throws -> [Event] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT transaction_id, number, id, kind, project_id, subject, actor_id, payload, created_at FROM events
                WHERE \(fragment: Self.condition(after: position, connection.dialect)) ORDER BY transaction_id, number LIMIT \(limit)
                """
            ).map(Event.init)
        }
    }

    /// The position after everything that readers can see now.
    public func end() async throws -> EventPosition {
        try await database.read { connection in
            let sql: SQL =
                connection.dialect == .sqlite
                ? "SELECT 0 AS transaction_id, coalesce(max(number), 0) AS number FROM events"
                : "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 AS transaction_id, 9223372036854775807 AS number"
            guard let row = try connection.row(sql) else { return .start }
            return EventPosition(transaction: try row["transaction_id"], number: try row["number"])
        }
    }

    /// Every event after this position (from the first `next()` on when none is given), without end.
    public func follow(after position: EventPosition? = nil) -> EventFeed { EventFeed(events: self, start: position) }

    private static func condition(after position: EventPosition, _ dialect: Dialect) -> SQL {
        switch dialect {
        case .sqlite: "transaction_id = 0 AND number > \(position.number)"
        case .postgres:
            """
            transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            AND (transaction_id, number) > (\(String(position.transaction))::xid8, \(position.number))
            """
        }
    }
}

extension Event {
    init(_ row: Row) throws {
        position = EventPosition(transaction: try row["transaction_id"], number: try row["number"])
        id = try row["id"]
        kind = try row["kind"]
        project = try row["project_id"]
        subject = try row["subject"]
        actor = try row["actor_id"]
        payload = try row["payload"]
        at = try row["created_at"]
    }
}
