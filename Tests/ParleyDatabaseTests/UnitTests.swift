import Logging
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Synchronization
import Testing

@Suite struct UnitTests {
    private static let migrations = [
        Migration("0001_people", up: ["CREATE TABLE people (id {id} PRIMARY KEY)"], down: ["DROP TABLE people"])
    ]

    struct Stop: Error {}

    private func add(_ id: String, _ database: Database) async throws {
        try await database.write { try $0.execute("INSERT INTO people (id) VALUES (\(id))") }
    }

    private func people(_ database: Database) async throws -> [String] {
        try await database.read { try $0.rows("SELECT id FROM people ORDER BY id").map { try $0["id"] } }
    }

    @Test(arguments: TestDatabases.all) func severalWritesAreOneTransaction(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let woken = Mutex(0)
            let seen = try await database.unit {
                try await add("a", database)
                try await database.write { $0.afterCommit { woken.withLock { $0 += 1 } } }
                try await add("b", database)
                #expect(woken.withLock { $0 } == 0)
                let outside = try await Task.detached { try await people(database) }.value
                #expect(outside == [], "nobody else sees it before the end")
                return try await people(database)
            } beforeCommit: { seen, connection in
                try connection.execute("INSERT INTO people (id) VALUES (\("z\(seen.count)"))")
            }
            #expect(seen == ["a", "b"])
            #expect(woken.withLock { $0 } == 1)
            #expect(try await people(database) == ["a", "b", "z2"])
        }
    }

    @Test(arguments: TestDatabases.all) func aThrowUndoesEveryWrite(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            await #expect(throws: Stop.self) {
                try await database.unit {
                    try await add("a", database)
                    throw Stop()
                }
            }
            await #expect(throws: Stop.self) {
                try await database.unit {
                    try await add("b", database)
                } beforeCommit: { _, _ in
                    throw Stop()
                }
            }
            let rest = try await people(database)
            #expect(rest.isEmpty)
        }
    }

    @Test(arguments: TestDatabases.all) func aWriteThatFailsUndoesItselfAlone(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            try await add("a", database)
            try await database.unit {
                try await add("b", database)
                await #expect(throws: DatabaseError.self) { try await add("a", database) }
                try await add("c", database)
            }
            #expect(try await people(database) == ["a", "b", "c"])
        }
    }

    @Test(arguments: TestDatabases.all) func aPartIsUndoneWithoutTheRest(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let woken = Mutex<[String]>([])
            try await database.unit {
                for name in ["a", "b", "c"] {
                    try? await database.unit {
                        try await add(name, database)
                        try await database.write { $0.afterCommit { woken.withLock { $0.append(name) } } }
                        try await add(name + "2", database)
                        if name == "b" { throw Stop() }
                    }
                }
            }
            #expect(try await people(database) == ["a", "a2", "c", "c2"])
            #expect(woken.withLock { $0 } == ["a", "c"])
        }
    }

    @Test(arguments: TestDatabases.all) func whatOutlivesTheUnitWritesForItself(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let (go, start) = AsyncStream<Void>.makeStream()
            let late = try await database.unit {
                try await add("a", database)
                return Task {
                    for await _ in go { try await add("b", database) }
                }
            }
            start.yield()
            start.finish()
            try await late.value
            #expect(try await people(database) == ["a", "b"])
        }
    }

    @Test(arguments: TestDatabases.all) func aUnitThatStaysOpenIsUndone(_ dialect: Dialect) async throws {
        try await TestDatabases.withURL(dialect, Self.migrations) { url in
            let configuration = Database.Configuration(url: url, unitLimit: .milliseconds(50))
            let database = try await Database.open(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: ParleyError.self) {
                try await database.unit {
                    try await add("a", database)
                    try await Task.sleep(for: .milliseconds(200))
                    try await add("b", database)
                }
            }
            #expect(error?.code == .databaseBusy)
            #expect(try await people(database).isEmpty)
            await database.close()
        }
    }

    @Test(arguments: TestDatabases.all) func aCancelledUnitEndsWholeOrNotAtAll(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            for round in 0..<10 {
                let task = Task {
                    try await database.unit {
                        await Task.yield()
                        try await add("\(round)a", database)
                        try await add("\(round)b", database)
                    }
                }
                if round.isMultiple(of: 2) { await Task.yield() }
                task.cancel()
                _ = await task.result
                let rest = try await people(database).count
                #expect(rest.isMultiple(of: 2))
            }
        }
    }

    @Test(arguments: TestDatabases.all) func unitsAndWritesBesideEachOther(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask { try? await add("w\(number)", database) }
                    group.addTask {
                        try? await database.unit {
                            try await add("u\(number)", database)
                            if number.isMultiple(of: 3) { throw Stop() }
                        }
                    }
                    group.addTask { _ = try? await database.write { try $0.execute("INSERT INTO people (id) VALUES (\("w0"))") } }
                }
            }
            let rest = try await people(database)
            #expect(rest.count { $0.hasPrefix("w") } == 30 && rest.count { $0.hasPrefix("u") } == 20)
        }
    }

    @Test(arguments: TestDatabases.all) func manyUnitsShareFewConnections(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations, connections: 2) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await database.unit {
                            try await add("\(number)a", database)
                            _ = try await people(database)
                            try await add("\(number)b", database)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await people(database).count == 40)
        }
    }
}
