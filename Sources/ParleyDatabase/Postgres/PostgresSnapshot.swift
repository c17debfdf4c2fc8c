/// A moment of a PostgreSQL database, held open: other connections and `pg_dump --snapshot` see the same rows by its name.
public final class PostgresSnapshot: Sendable {
    /// As `pg_export_snapshot()` gave it.
    public let name: String
    /// The server's major version, such as 18.
    public let serverVersion: Int
    private let connection: PostgresConnection

    /// - Throws: `DatabaseError` when the server cannot be reached.
    public init(url: String) throws {
        connection = try PostgresConnection(url: url, statementLimit: .seconds(86_400))
        try connection.command("SET idle_in_transaction_session_timeout = 0")
        try connection.command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let rows = Connection(connection)
        let row = try rows.row(
            "SELECT pg_export_snapshot() AS name, current_setting('server_version_num')::bigint / 10000 AS version")
        (name, serverVersion) = (try row?["name"] ?? "", try row?["version"] ?? 0)
    }

    /// Runs the body on the rows of the moment, for one caller at a time; it changes nothing.
    /// - Throws: what the body throws.
    public func read<T>(_ body: (Connection) throws -> T) throws -> T { try body(Connection(connection)) }
}
