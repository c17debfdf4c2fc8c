public import ParleyDatabase

/// What must be done with events that came to a PostgreSQL server from another one, as by a restored dump: the numbers of transactions
/// that stand with them mean nothing there (docs/decisions/0003-event-feed-that-never-skips.md).
public enum MovedEventsStore {
    /// Where a reader goes on among events without transactions, which are ordered by number alone: before the first one that it has not
    /// read, so that it misses none and may see some again. Called before `forgetTransactions`.
    public static func place(of position: EventPosition, in connection: Connection) throws -> EventPosition {
        let row = try connection.row(
            """
            SELECT coalesce(
                (SELECT min(number) - 1 FROM events
                 WHERE (transaction_id, number) > (\(String(position.transaction))::xid8, \(position.number))),
                (SELECT max(number) FROM events), 0) AS number
            """)
        return EventPosition(transaction: 0, number: try row?["number"] ?? 0)
    }

    /// Gives every event transaction 0, so that all come before what is told from now on, in the order of their numbers.
    public static func forgetTransactions(in connection: Connection) throws {
        try connection.execute("SET LOCAL statement_timeout = 0")
        try connection.execute("UPDATE events SET transaction_id = '0' WHERE transaction_id <> '0'")
    }
}
