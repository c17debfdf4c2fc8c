public import ParleyCore

/// Brings a database's schema to what the code expects, each step in its own transaction, one process at a time.
public struct Migrator: Sendable {
    private let database: Database
    private let migrations: [Migration]
    private let clock: any WallClock

    public init(_ database: Database, migrations: [Migration], clock: any WallClock = SystemClock()) {
        self.database = database
        self.migrations = migrations.sorted { $0.name < $1.name }
        self.clock = clock
    }

    /// Every migration in order, and any applied one that this build does not know. Changes nothing.
    public func status() async throws -> [MigrationStatus] {
        let applied = try await database.read { try MigrationRecords.all(in: $0) }
        let known = migrations.map { migration in
            let record = applied[migration.name]
            let state: MigrationStatus.State =
                switch record {
                case nil: .pending
                case let record? where record.checksum != migration.checksum: .changed
                default: .applied
                }
            return MigrationStatus(name: migration.name, state: state, appliedAt: record?.at)
        }
        let unknown = applied.filter { name, _ in !migrations.contains { $0.name == name } }
        return (known + unknown.map { MigrationStatus(name: $0.key, state: .unknown, appliedAt: $0.value.at) }).sorted { $0.name < $1.name }
    }

    /// The names of what `migrate` would apply. Changes nothing.
    /// - Throws: `database.schema_changed` as `migrate` does.
    public func pending() async throws -> [String] {
        let status = try await status()
        try check(status)
        return status.filter { $0.state == .pending }.map(\.name)
    }

    /// Applies what is missing.
    /// - Returns: the names of the migrations applied.
    /// - Throws: `database.schema_changed` when an applied migration differs from this build's or is unknown to it.
    @discardableResult
    public func migrate() async throws -> [String] {
        let pending = Set(try await pending())
        if !pending.isEmpty {
            try await database.write { connection in
                try MigrationRecords.lock(connection)
                try MigrationRecords.create(in: connection)
            }
        }
        var names: [String] = []
        for migration in migrations where pending.contains(migration.name) {
            if try await apply(migration) { names.append(migration.name) }
        }
        return names
    }

    /// Undoes the last migrations, with the rows they made room for.
    /// - Returns: the names of the migrations undone, the latest first.
    /// - Throws: `database.schema_changed` as `migrate` does.
    @discardableResult
    public func rollback(steps: Int) async throws -> [String] {
        let status = try await status()
        try check(status)
        let applied = Set(status.filter { $0.state == .applied }.map(\.name))
        let last = migrations.filter { applied.contains($0.name) }.suffix(max(0, steps)).reversed()
        for migration in last {
            try await database.write { connection in
                try MigrationRecords.lock(connection)
                guard try MigrationRecords.remove(migration.name, in: connection) else { return }
                for statement in migration.down { try connection.execute(Migration.statement(statement, for: connection.dialect)) }
            }
        }
        return last.map(\.name)
    }

    /// False when another process applied it first.
    private func apply(_ migration: Migration) async throws -> Bool {
        let now = clock.now()
        return try await database.write { connection in
            try MigrationRecords.lock(connection)
            guard try MigrationRecords.add(migration, at: now, in: connection) else { return false }
            for statement in migration.up { try connection.execute(Migration.statement(statement, for: connection.dialect)) }
            return true
        }
    }

    private func check(_ status: [MigrationStatus]) throws {
        for migration in status {
            switch migration.state {
            case .applied, .pending: continue
            case .unknown:
                throw ParleyError(
                    .schemaChanged,
                    "The database has the migration \(migration.name), which this version of Parley does not know; use the version that made it."
                )
            case .changed:
                throw ParleyError(
                    .schemaChanged,
                    "The migration \(migration.name) was changed after it was applied; restore it, or begin with an empty database.")
            }
        }
    }
}

/// Where one migration stands.
public struct MigrationStatus: Sendable, Hashable {
    public enum State: String, Sendable {
        case applied, pending
        /// Applied in another form than this build's.
        case changed
        /// Applied, and not part of this build.
        case unknown
    }

    public let name: String
    public let state: State
    public let appliedAt: Timestamp?
}
