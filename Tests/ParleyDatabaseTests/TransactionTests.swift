import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Synchronization
import Testing

@Suite struct TransactionTests {
    private static let migrations = [
        Migration(
            "0001_people",
            up: [
                "CREATE TABLE people (id {id} PRIMARY KEY, email {text} UNIQUE, age {int} NOT NULL CHECK (age > 0))",
                "CREATE TABLE pets (id {serial}, owner {id} NOT NULL REFERENCES people (id))",
            ], down: ["DROP TABLE pets", "DROP TABLE people"])
    ]

    private func count(_ database: Database) async throws -> Int {
        try await database.read { try $0.row("SELECT count(*) AS n FROM people")?["n"] ?? 0 }
    }

    @Test(arguments: TestDatabases.all) func aThrowUndoesEverything(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            struct Stop: Error {}
            let woken = Mutex(0)
            await #expect(throws: Stop.self) {
                try await database.write { connection in
                    try connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                    connection.afterCommit { woken.withLock { $0 += 1 } }
                    throw Stop()
                }
            }
            #expect(try await count(database) == 0)
            #expect(woken.withLock { $0 } == 0)
            try await database.write { connection in
                try connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                connection.afterCommit { woken.withLock { $0 += 1 } }
            }
            #expect(try await count(database) == 1)
            #expect(woken.withLock { $0 } == 1)
        }
    }

    @Test(arguments: TestDatabases.all) func violationsAreTold(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            try await database.write { try $0.execute("INSERT INTO people (id, email, age) VALUES (\("a"), \("a@example.org"), \(1))") }
            let wrong: [(SQL, DatabaseError.Code)] = [
                ("INSERT INTO people (id, email, age) VALUES (\("b"), \("a@example.org"), \(1))", .uniqueViolation),
                ("INSERT INTO people (id, age) VALUES (\("a"), \(1))", .uniqueViolation),
                ("INSERT INTO people (id, age) VALUES (\("c"), \(nil as Int?))", .notNullViolation),
                ("INSERT INTO people (id, age) VALUES (\("c"), \(0))", .checkViolation),
                ("INSERT INTO pets (owner) VALUES (\("nobody"))", .foreignKeyViolation),
                ("SELECT nonsense FROM people", .other),
            ]
            for (sql, code) in wrong {
                let error = await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute(sql) } }
                #expect(error?.code == code)
                #expect(error?.description.contains("example.org") == false, "a bound value must not reach the log")
                if code == .uniqueViolation { #expect(error?.constraint?.contains("people") == true) }
            }
        }
    }

    @Test(arguments: TestDatabases.all) func aFailedStatementSpoilsTheTransaction(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    try connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                    _ = try? connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                }
            }
            let left = try await count(database)
            #expect(left == 0)
        }
    }

    @Test(arguments: TestDatabases.all) func aSavepointUndoesItsPartAlone(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let told = Mutex<[String]>([])
            try await database.write { connection in
                try connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                _ = try? connection.savepoint {
                    try connection.execute("INSERT INTO people (id, age) VALUES (\("b"), \(1))")
                    connection.afterCommit { told.withLock { $0.append("b") } }
                    try connection.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))")
                }
                try connection.savepoint {
                    try connection.execute("INSERT INTO people (id, age) VALUES (\("c"), \(1))")
                    connection.afterCommit { told.withLock { $0.append("c") } }
                }
            }
            #expect(
                try await database.read { try $0.rows("SELECT id FROM people ORDER BY id").map { try $0["id"] as String } } == ["a", "c"])
            #expect(told.withLock { $0 } == ["c"])
        }
    }

    @Test(arguments: TestDatabases.all) func aReadChangesNothingAndSeesOneMoment(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))") }
            }
            let (began, written) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let seen = database.read { connection in
                let before: Int = try connection.row("SELECT count(*) AS n FROM people")?["n"] ?? -1
                began.signal()
                written.wait()
                let after: Int = try connection.row("SELECT count(*) AS n FROM people")?["n"] ?? -1
                return [before, after]
            }
            await withCheckedContinuation { continuation in
                Thread {
                    began.wait()
                    continuation.resume()
                }.start()
            }
            try await database.write { try $0.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))") }
            written.signal()
            #expect(try await seen == [0, 0])
        }
    }

    @Test(arguments: TestDatabases.all) func executeTellsHowManyRowsItChanged(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            let counts = try await database.write { connection in
                let none = try connection.execute("UPDATE people SET age = 2")
                for id in ["a", "b", "c"] { try connection.execute("INSERT INTO people (id, age) VALUES (\(id), \(1))") }
                let two = try connection.execute("UPDATE people SET age = \(2) WHERE id < \("c")")
                let zero = try connection.execute("DELETE FROM people WHERE id = \("x")")
                let returned = try connection.rows("DELETE FROM people WHERE age = \(2) RETURNING id").count
                return [none, two, zero, returned]
            }
            #expect(counts == [0, 2, 0, 2])
        }
    }

    @Test(arguments: TestDatabases.all) func rowsStreamOneByOne(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            struct Enough: Error {}
            try await database.write { connection in
                for n in 1...500 { try connection.execute("INSERT INTO people (id, age) VALUES (\("p\(n)"), \(n))") }
            }
            let sum = try await database.write { connection in
                var sum = 0
                try connection.forEach("SELECT age FROM people WHERE age <= \(400)") { sum += try $0["age"] }
                var some = 0
                #expect(throws: Enough.self) {
                    try connection.forEach("SELECT age FROM people") { _ in
                        some += 1
                        if some == 3 { throw Enough() }
                    }
                }
                // The connection is usable after a stream that was left early.
                #expect(try connection.row("SELECT count(*) AS n FROM people")?["n"] == 500)
                return sum
            }
            #expect(sum == 400 * 401 / 2)
            await #expect(throws: DatabaseError.self) {
                try await database.read { connection in
                    try connection.forEach("SELECT age FROM people") { _ in _ = try connection.rows("SELECT 1 AS one") }
                }
            }
        }
    }

    @Test(arguments: TestDatabases.all) func writersLoseNothing(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Self.migrations) { database in
            try await database.write { try $0.execute("INSERT INTO people (id, age) VALUES (\("a"), \(1))") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await database.write { connection in
                            let lock = connection.dialect.forUpdate
                            let age: Int = try connection.row("SELECT age FROM people WHERE id = \("a")\(fragment: lock)")?["age"] ?? 0
                            try connection.execute("UPDATE people SET age = \(age + 1) WHERE id = \("a")")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.read { try $0.row("SELECT age FROM people")?["age"] } == 201)
        }
    }

    @Test func aDeadlockIsRunAgain() async throws {
        try await TestDatabases.with(.postgres, Self.migrations) { database in
            try await database.write { connection in
                for id in ["a", "b"] { try connection.execute("INSERT INTO people (id, age) VALUES (\(id), \(1))") }
            }
            let met = Barrier(2)
            func change(_ first: String, _ second: String) async throws {
                try await database.write { connection in
                    try connection.execute("SET LOCAL deadlock_timeout = '10ms'")
                    try connection.execute("UPDATE people SET age = age + 1 WHERE id = \(first)")
                    met.wait()
                    try connection.execute("UPDATE people SET age = age + 1 WHERE id = \(second)")
                }
            }
            async let one: Void = change("a", "b")
            async let other: Void = change("b", "a")
            _ = try await (one, other)
            #expect(try await database.read { try $0.rows("SELECT age FROM people").map { try $0["age"] as Int } } == [3, 3])
        }
    }
}

/// Lets threads through once so many have come; later ones pass.
private final class Barrier: Sendable {
    private let missing: Mutex<Int>
    private let open = DispatchSemaphore(value: 0)

    init(_ count: Int) { missing = Mutex(count) }

    func wait() {
        let left = missing.withLock { missing in
            missing -= 1
            return missing
        }
        if left > 0 { open.wait() }
        open.signal()
    }
}
