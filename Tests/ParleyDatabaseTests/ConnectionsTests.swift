import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@Suite struct ConnectionsTests {
    @Test(arguments: TestDatabases.all) func whoWaitsTooLongIsTurnedAway(_ dialect: Dialect) async throws {
        try await TestDatabases.withURL(dialect) { url in
            let database = try await TestDatabases.open(url, connections: 1, waitLimit: .milliseconds(30))
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let holder: Void = database.write { _ in
                held.signal()
                release.wait()
            }
            await onThread { held.wait() }
            #expect(database.load.inUse == 1)
            let error = await #expect(throws: ParleyError.self) { try await database.write { try $0.row("SELECT 1 AS n") != nil } }
            #expect(error?.code == .databaseBusy)
            release.signal()
            try await holder
            #expect(try await database.write { try $0.row("SELECT 1 AS n")?["n"] } == 1)
            #expect(database.load.inUse == 0)
            await database.close()
            await #expect(throws: ParleyError.self) { try await database.check() }
        }
    }

    @Test func aLostConnectionIsMadeAnew() async throws {
        try await TestDatabases.with(.postgres, connections: 2) { database in
            let process: Int = try await database.read { try #require(try $0.row("SELECT pg_backend_pid() AS pid"))["pid"] }
            try await TestDatabases.with(.postgres) { other in
                _ = try await other.read { try $0.rows("SELECT pg_terminate_backend(\(process)::int, 1000) AS done") }
            }
            let next: Int = try await database.read { try #require(try $0.row("SELECT pg_backend_pid() AS pid"))["pid"] }
            #expect(next != process)
        }
    }

    @Test func aStatementHasALimit() async throws {
        try await TestDatabases.withURL(.postgres) { url in
            let database = try await Database.open(.init(url: url, statementLimit: .milliseconds(20)))
            let error = await #expect(throws: ParleyError.self) {
                _ = try await database.read { try $0.rows("SELECT 1 AS n FROM pg_sleep(5)").count }
            }
            #expect(error?.code == .databaseBusy)
            await database.close()
        }
    }

    @Test func manyStatementsDoNotFillTheServer() async throws {
        try await TestDatabases.with(.postgres, connections: 1) { database in
            let kept = try await database.read { connection in
                for n in 0..<1100 { _ = try connection.rows("SELECT 1 AS \(raw: "column\(n)")") }
                return try connection.row("SELECT count(*) AS n FROM pg_prepared_statements")?["n"] as Int?
            }
            #expect((kept ?? .max) <= 501)
        }
    }

    @Test func aMigrationOutdatesStatementsOnce() async throws {
        try await TestDatabases.with(.postgres, connections: 1) { database in
            try await database.write { try $0.execute("CREATE TABLE t (a BIGINT)") }
            #expect(try await database.read { try $0.rows("SELECT * FROM t").count } == 0)
            try await database.write { try $0.execute("ALTER TABLE t ADD COLUMN b BIGINT") }
            await #expect(throws: DatabaseError.self) { try await database.read { _ = try $0.rows("SELECT * FROM t") } }
            #expect(try await database.read { try $0.rows("SELECT * FROM t").count } == 0)
        }
    }

    @Test func sqliteKeepsWhatItAcknowledged() async throws {
        try await TestDatabases.with(.sqlite) { database in
            let values = try await database.write { connection in
                try ["synchronous", "journal_mode", "foreign_keys"].map { name in
                    let row = try #require(try connection.row("SELECT CAST(\(raw: name) AS TEXT) AS value FROM pragma_\(raw: name)"))
                    return try row["value"] as String
                }
            }
            #expect(values == ["2", "wal", "1"])
        }
    }

    @Test func sqliteFilesAreTheOwnersAlone() async throws {
        try await TestDatabases.withURL(.sqlite) { url in
            let database = try await Database.open(.init(url: url))
            try await database.write { try $0.execute("CREATE TABLE t (a INTEGER)") }
            let path = String(url.dropFirst("sqlite:".count))
            for file in [path, path + "-wal"] {
                let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(rights == 0o600)
            }
            await database.close()
        }
    }

    @Test func memoryIsADatabaseToo() async throws {
        let database = try await Database.open(.init(url: "sqlite::memory:"))
        try await database.write { connection in
            try connection.execute("CREATE TABLE t (a INTEGER)")
            try connection.execute("INSERT INTO t VALUES (\(7))")
        }
        #expect(try await database.read { try $0.row("SELECT a FROM t")?["a"] } == 7)
        await database.close()
    }

    @Test(arguments: ["sqlite:/nowhere/at/all.sqlite", "postgres://parley@127.0.0.1:1/none", "mysql://x"])
    func whatCannotBeOpenedIsTold(_ url: String) async throws {
        let error = await #expect(throws: ParleyError.self) { try await Database.open(.init(url: url)) }
        #expect(error?.code == (url.hasPrefix("mysql") ? .settingsInvalid : .databaseUnreachable))
    }

    private func onThread(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            Thread {
                work()
                continuation.resume()
            }.start()
        }
    }
}
