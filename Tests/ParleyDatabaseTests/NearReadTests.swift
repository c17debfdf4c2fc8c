import Foundation
import ParleyDatabase
import ParleyTesting
import Synchronization
import Testing

/// On SQLite a read runs on the thread of whoever asks, unless it takes long.
@Suite struct NearReadTests {
    @Test func aReadOfAFewRowsStaysOnItsThread() async throws {
        try await TestDatabases.with(.sqlite) { database in
            try await onOneThread { here in
                let there = try await database.read { connection in
                    _ = try connection.row("SELECT 1 AS n")
                    return thread()
                }
                #expect(there == here)
            }
        }
    }

    @Test func aLongReadIsBrokenOffAndDoneElsewhere() async throws {
        try await TestDatabases.with(.sqlite) { database in
            let runs = Mutex(0)
            try await onOneThread { here in
                let (count, there) = try await database.read { connection in
                    runs.withLock { $0 += 1 }
                    let row = try connection.row(
                        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) AS n FROM n")
                    return (try row?["n"] as Int?, thread())
                }
                #expect(count == 200_000)
                #expect(there != here)
            }
            #expect(runs.withLock { $0 } == 2)
        }
    }

    @Test func aBodyThatHidesTheBreakIsBegunAnewToo() async throws {
        try await TestDatabases.with(.sqlite) { database in
            let count = try await database.read { connection in
                let row = try? connection.row(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) AS n FROM n")
                return try row?["n"] as Int?
            }
            #expect(count == 200_000)
        }
    }

    @Test func whatAReadThrowsIsThrownOnce() async throws {
        struct Refusal: Error {}
        try await TestDatabases.with(.sqlite) { database in
            let runs = Mutex(0)
            await #expect(throws: Refusal.self) {
                try await database.read { _ in
                    runs.withLock { $0 += 1 }
                    throw Refusal()
                }
            }
            #expect(runs.withLock { $0 } == 1)
        }
    }

    @Test func aReadCannotWrite() async throws {
        try await TestDatabases.with(.sqlite) { database in
            try await database.write { try $0.execute("CREATE TABLE things (n INTEGER)") }
            await #expect(throws: (any Error).self) { try await database.read { try $0.execute("INSERT INTO things VALUES (1)") } }
            #expect(try await database.read { try $0.rows("SELECT n FROM things") }.isEmpty)
        }
    }

    /// Runs the body on a thread that nothing else runs on.
    private func onOneThread(_ body: @escaping @Sendable (_ here: UInt) async throws -> Void) async throws {
        let executor = OneThread()
        try await Task(executorPreference: executor) { try await body(executor.thread) }.value
    }
}

private func thread() -> UInt { UInt(pthread_self()) }

/// Runs tasks on one queue's thread, which is told.
private final class OneThread: TaskExecutor {
    private let queue = DispatchQueue(label: "one thread")
    private let current = Mutex(UInt(0))

    /// Of the job that runs now.
    var thread: UInt { current.withLock { $0 } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            self.current.withLock { $0 = UInt(pthread_self()) }
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
