import Dispatch
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

/// Writes that wait for each other share a commit on SQLite, and must not share their fate.
@Suite struct WriteQueueTests {
    private struct Refused: Error {}

    @Test func whatFailsAmongWaitingWritesIsUndoneAlone() async throws {
        try await TestDatabases.with(.sqlite) { database in
            try await database.write { try $0.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL)") }
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let holder: Void = database.write { _ in
                held.signal()
                release.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    held.wait()
                    continuation.resume()
                }
            }
            let outcomes = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            let seen = try await database.write { connection in
                                try connection.execute("INSERT INTO t (a, b) VALUES (\(number), 'x')")
                                if number % 5 == 1 { throw Refused() }
                                if number % 5 == 2 { try connection.execute("INSERT INTO t (a, b) VALUES (\(100 + number), NULL)") }
                                return number
                            }
                            return (number, seen == number)
                        } catch is Refused {
                            return (number, number % 5 == 1)
                        } catch let error as DatabaseError {
                            return (number, number % 5 == 2 && error.code == .notNullViolation)
                        }
                    }
                }
                while database.load.waiting < 20 { try await Task.sleep(for: .milliseconds(1)) }
                release.signal()
                return try await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            try await holder
            #expect(outcomes.count == 20 && outcomes.values.allSatisfy { $0 })
            let kept = try await database.read { try $0.rows("SELECT a FROM t ORDER BY a").map { try $0["a"] as Int } }
            #expect(kept == (0..<20).filter { ![1, 2].contains($0 % 5) })
        }
    }

    /// What wrote, in the order of the rows, after these many writes of each kind have waited for one that held the queue.
    private func order(background: Int, awaited: Int) async throws -> [String] {
        try await TestDatabases.with(.sqlite) { database in
            try await database.write { try $0.execute("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT NOT NULL)") }
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let holder: Void = database.write { _ in
                held.signal()
                release.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    held.wait()
                    continuation.resume()
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (kind, urgency, count) in [("background", WriteUrgency.background, background), ("awaited", .awaited, awaited)] {
                    let before = database.load.waiting
                    for _ in 0..<count {
                        group.addTask {
                            try await WriteUrgency.$current.withValue(urgency) {
                                _ = try await database.write { try $0.execute("INSERT INTO t (b) VALUES (\(kind))") }
                            }
                        }
                    }
                    while database.load.waiting < before + count { try await Task.sleep(for: .milliseconds(1)) }
                }
                release.signal()
                try await group.waitForAll()
            }
            try await holder
            return try await database.read { try $0.rows("SELECT b FROM t ORDER BY a").map { try $0["b"] } }
        }
    }

    @Test func whatSomebodyWaitsForGoesBeforeBackgroundWrites() async throws {
        let order = try await order(background: 300, awaited: 5)
        #expect(order.count == 305 && order.prefix(5).allSatisfy { $0 == "awaited" })
    }

    @Test func backgroundWritesComeToTheirTurnAllTheSame() async throws {
        let order = try await order(background: 20, awaited: 400)
        let first = try #require(order.firstIndex(of: "background"))
        #expect((64...256).contains(first), "after a few full transactions of others")
    }

    @Test func whoWaitsAtTheEndIsToldThatTheDatabaseIsClosed() async throws {
        try await TestDatabases.withURL(.sqlite) { url in
            let database = try await TestDatabases.open(url)
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let holder: Void = database.write { _ in
                held.signal()
                release.wait()
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    held.wait()
                    continuation.resume()
                }
            }
            let late = Task { try await database.write { try $0.execute("CREATE TABLE t (a INTEGER)") } }
            while database.load.waiting < 1 { try await Task.sleep(for: .milliseconds(1)) }
            async let closing: Void = database.close()
            let error = await #expect(throws: ParleyError.self) { try await late.value }
            #expect(error?.code == .databaseUnreachable)
            release.signal()
            try await holder
            await closing
        }
    }
}
