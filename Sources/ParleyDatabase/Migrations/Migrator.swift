public import ParleyCore

/// Brings a database's schema to what the code expects, each step in its own transaction, one process at a time.
public struct Migrator: Sendable {
    /// Where one migration stands.
    public struct Status: Sendable, Hashable {
        public let name: String
        public let appliedAt: Timestamp?
    }

    private let database: Database
    private let migrations: [Migration]
    private let clock: any WallClock

    public init(_ database: Database, migrations: [Migration], clock: any WallClock = SystemClock()) {
        self.database = database
        self.migrations = migrations.sorted { $0.name < $1.name }
        self.clock = clock
    }

    /// Every migration in order, and any applied one that this build does not know.
    public func status() async throws -> [Status] {
        let applied = try await prepare()
        let unknown = applied.keys.filter { name in !migrations.contains { $0.name == name } }
        return (migrations.map(\.name) + unknown).sorted().map { Status(name: $0, appliedAt: applied[$0]?.at) }
    }

    /// Applies what is missing.
    /// - Returns: the names of the migrations applied.
    /// - Throws: `database.schema_changed` when an applied migration differs from this build's or is unknown to it.
    @discardableResult
    public func migrate() async throws -> [String] {
        try check(try await prepare())
        var names: [String] = []
        for migration in migrations where try await apply(migration) { names.append(migration.name) }
        return names
    }

    /// Undoes the last migrations.
    /// - Returns: the names of the migrations undone, the latest first.
    public func rollback(steps: Int) async throws -> [String] {
        let applied = try await prepare()
        try check(applied)
        let last = migrations.filter { applied[$0.name] != nil }.suffix(max(steps, 0)).reversed()
        for migration in last {
            try await database.write { connection in
                try lock(connection)
                for statement in migration.down { try connection.execute(Migration.statement(statement, for: connection.dialect)) }
                try connection.execute("DELETE FROM schema_migrations WHERE name = \(migration.name)")
            }
        }
        return last.map(\.name)
    }

    /// False when another process applied it first.
    private func apply(_ migration: Migration) async throws -> Bool {
        let now = clock.now()
        return try await database.write { connection in
            try lock(connection)
            guard try connection.row("SELECT name FROM schema_migrations WHERE name = \(migration.name)") == nil else { return false }
            for statement in migration.up { try connection.execute(Migration.statement(statement, for: connection.dialect)) }
            try connection.execute(
                """
                INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (\(migration.name), \(migration.checksum), \(now))
                """)
            return true
        }
    }

    private struct Applied: Sendable {
        let checksum: String
        let at: Timestamp
    }

    private func prepare() async throws -> [String: Applied] {
        try await database.write { connection in
            try lock(connection)
            let table = "CREATE TABLE IF NOT EXISTS schema_migrations (name {id} PRIMARY KEY, checksum {text} NOT NULL, applied_at {time} NOT NULL)"
            try connection.execute(Migration.statement(table, for: connection.dialect))
            let rows = try connection.rows("SELECT name, checksum, applied_at FROM schema_migrations")
            return Dictionary(
                try rows.map { row in (try row["name"], Applied(checksum: try row["checksum"], at: try row["applied_at"])) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// SQLite's writer is alone as it is; on PostgreSQL migrators queue up for an advisory lock of the transaction.
    private func lock(_ connection: Connection) throws {
        if connection.dialect == .postgres { _ = try connection.rows("SELECT 1 AS locked FROM pg_advisory_xact_lock(7244893650172)") }
    }

    private func check(_ applied: [String: Applied]) throws {
        for (name, row) in applied {
            guard let known = migrations.first(where: { $0.name == name }) else {
                throw ParleyError(
                    .schemaChanged, "The database has the migration \(name), which this version of Parley does not know; use the version that made it.")
            }
            guard known.checksum == row.checksum else {
                throw ParleyError(
                    .schemaChanged, "The migration \(name) was changed after it was applied; restore it, or begin with an empty database.")
            }
        }
    }
}

extension ErrorCode {
    public static let schemaChanged = Self("database.schema_changed", .unavailable, "The database's schema does not fit this version")
}
