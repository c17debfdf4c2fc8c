import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@Suite struct MigratorTests {
    private static let first = Migration(
        "0001_a", up: ["CREATE TABLE a (id {serial}, at {time}, ok {bool} NOT NULL)"], down: ["DROP TABLE a"])
    private static let second = Migration(
        "0002_b", up: ["CREATE TABLE b (id {id} PRIMARY KEY)", "INSERT INTO b VALUES ('x')"], down: ["DROP TABLE b"])

    @Test(arguments: TestDatabases.all) func migratesOnceInOrder(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect) { database in
            let migrator = Migrator(database, migrations: [Self.second, Self.first])
            #expect(try await migrator.status().map(\.state) == [.pending, .pending])
            #expect(try await migrator.pending() == ["0001_a", "0002_b"])
            #expect(try await migrator.migrate() == ["0001_a", "0002_b"])
            #expect(try await migrator.migrate() == [])
            let status = try await migrator.status()
            #expect(status.map(\.state) == [.applied, .applied])
            #expect(status.allSatisfy { $0.appliedAt != nil })
        }
    }

    @Test(arguments: TestDatabases.all) func rollsBackTheLatest(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect) { database in
            let migrator = Migrator(database, migrations: [Self.first, Self.second])
            try await migrator.migrate()
            #expect(try await migrator.rollback(steps: 1) == ["0002_b"])
            await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.rows("SELECT * FROM b") } }
            #expect(try await migrator.migrate() == ["0002_b"])
            #expect(try await migrator.rollback(steps: 99) == ["0002_b", "0001_a"])
        }
    }

    @Test(arguments: TestDatabases.all) func refusesAChangedOrUnknownOne(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect) { database in
            try await Migrator(database, migrations: [Self.first, Self.second]).migrate()
            let changed = Migration("0001_a", up: ["CREATE TABLE other (id {serial})"], down: [])
            for migrations in [[changed, Self.second], [Self.first]] {
                let error = await #expect(throws: ParleyError.self) { try await Migrator(database, migrations: migrations).migrate() }
                #expect(error?.code == .schemaChanged)
            }
            #expect(try await Migrator(database, migrations: [changed]).status().map(\.state) == [.changed, .unknown])
        }
    }

    @Test(arguments: TestDatabases.all) func aFailedMigrationLeavesNothing(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect) { database in
            let broken = Migration("0002_broken", up: ["CREATE TABLE c (id {id})", "CREATE TABLE nonsense ("], down: [])
            await #expect(throws: DatabaseError.self) { try await Migrator(database, migrations: [Self.first, broken]).migrate() }
            await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.rows("SELECT * FROM c") } }
            let states = try await Migrator(database, migrations: [Self.first, broken]).status().map(\.state)
            #expect(states == [.applied, .pending])
        }
    }

    @Test(arguments: TestDatabases.all) func twoProcessesMigrateAtOnce(_ dialect: Dialect) async throws {
        try await TestDatabases.withURL(dialect) { url in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let database = try await Database.open(.init(url: url, connections: 1))
                        let names = try await Migrator(database, migrations: [Self.first, Self.second]).migrate()
                        await database.close()
                        return names
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == ["0001_a", "0002_b"])
        }
    }
}
