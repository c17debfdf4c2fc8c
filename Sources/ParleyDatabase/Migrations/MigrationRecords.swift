import ParleyCore

/// The table of the migrations that were applied.
enum MigrationRecords {
    struct Record: Sendable {
        let checksum: String
        let at: Timestamp
    }

    /// By name; none when there is no table yet.
    static func all(in connection: Connection) throws -> [String: Record] {
        let tables: SQL =
            connection.dialect == .sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
            : "SELECT 1 AS found WHERE to_regclass('schema_migrations') IS NOT NULL"
        guard try connection.row(tables) != nil else { return [:] }
        let rows = try connection.rows("SELECT name, checksum, applied_at FROM schema_migrations")
        return Dictionary(
            try rows.map { row in (try row["name"], Record(checksum: try row["checksum"], at: try row["applied_at"])) },
            uniquingKeysWith: { first, _ in first })
    }

    static func create(in connection: Connection) throws {
        let table =
            "CREATE TABLE IF NOT EXISTS schema_migrations (name {id} PRIMARY KEY, checksum {text} NOT NULL, applied_at {time} NOT NULL)"
        try connection.execute(Migration.statement(table, for: connection.dialect))
    }

    /// False when it is there already.
    static func add(_ migration: Migration, at now: Timestamp, in connection: Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (\(migration.name), \(migration.checksum), \(now))
            ON CONFLICT (name) DO NOTHING
            """) == 1
    }

    /// False when it is not there any more.
    static func remove(_ name: String, in connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM schema_migrations WHERE name = \(name)") == 1
    }

    /// SQLite's writer is alone as it is; on PostgreSQL migrators queue up for an advisory lock of the transaction. A
    /// migration may take longer than statements may otherwise.
    static func lock(_ connection: Connection) throws {
        guard connection.dialect == .postgres else { return }
        try connection.execute("SET LOCAL statement_timeout = 0")
        // "parley" in ASCII, so that other programs' locks do not meet it.
        _ = try connection.rows("SELECT 1 AS locked FROM pg_advisory_xact_lock(123563833845113)")
    }
}
