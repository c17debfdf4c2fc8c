import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyJobs

/// What happens when processes end, gently or not.
@Suite(.timeLimit(.minutes(1))) struct JobRecoveryTests {
    private let type = JobType<Work>("test.work", maxAttempts: 2)

    @Test(arguments: TestDatabases.all) func shutdownWaitsForWhatEndsSoon(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (begun, notes) = (Gate(), Notes())
            let handler = JobHandler(type) { _, _ in
                begun.open()
                try await Task.sleep(for: .milliseconds(50))
                notes.add("whole")
            }
            let id = try await shop.enqueue(type)
            try await shop.running([handler]) { try await begun.pass() }
            #expect(notes.all == ["whole"])
            #expect(try await shop.state(id) == .done)
        }
    }

    @Test(arguments: TestDatabases.all) func shutdownHandsBackWhatDoesNot(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (begun, notes) = (Gate(), Notes())
            let slow = JobHandler(type) { _, context in
                begun.open()
                do { try await forever() } catch {
                    notes.add("cancelled by a person: \(context.isCancelled)")
                    throw error
                }
            }
            let id = try await shop.enqueue(type)
            try await shop.running([slow], drain: .milliseconds(20)) {
                try await begun.pass()
                // Nothing is begun while the processor goes.
            }
            #expect(notes.all == ["cancelled by a person: false"])
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .queued && job.attempts == 0)
            try await shop.running([JobHandler(type) { _, context in notes.add("attempt \(context.attempt)") }]) {
                try await shop.queue.idle()
            }
            #expect(notes.all.last == "attempt 1")
        }
    }

    /// A full disk or a busy writer must not leave a job running for ever while the process lives.
    @Test(arguments: TestDatabases.all) func anEndThatCouldNotBeWrittenDownIsNoEndOfTheJob(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let id = try await shop.enqueue(type)
            let handler = JobHandler(type) { _, context in
                notes.add("attempt \(context.attempt)")
                guard context.attempt == 1 else { return }
                // Whoever records the end finds another attempt in the row, as when the write had failed.
                try await shop.database.write { try $0.execute("UPDATE jobs SET attempts = attempts + 10 WHERE id = \(id)") }
            }
            try await shop.running([handler]) {
                while try await shop.queue.job(id)?.attempts != 11 || !shop.queue.active.ids.isEmpty { await Task.yield() }
                #expect(try await shop.state(id) == .running)
                try await shop.database.write { try $0.execute("UPDATE jobs SET attempts = 1 WHERE id = \(id)") }
                shop.clock.advance(by: .seconds(60))
                try await shop.queue.idle()
            }
            #expect(notes.all == ["attempt 1", "attempt 2"])
            #expect(try await shop.state(id) == .done)
        }
    }

    /// The lease as a process leaves it that dies in the middle.
    private func crash(_ id: JobID, attempts: Int, deaths: Int = 0, _ shop: Workshop, cancelled: Bool = false) async throws {
        let until = shop.clock.now() + .seconds(30)
        try await shop.database.write { connection in
            try connection.execute(
                """
                UPDATE jobs SET state = 'running', worker = 'dead process', lease_until = \(until), attempts = \(attempts),
                    deaths = \(deaths), cancel_requested = \(cancelled) WHERE id = \(id)
                """)
        }
    }

    @Test(arguments: TestDatabases.all) func aDeadProcessLosesItsJobs(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let handler = JobHandler(type) { work, context in
                notes.add("\(work.name) \(context.attempt)")
            } gaveUp: { work, cause, connection in
                try connection.execute("UPDATE jobs SET note = \("gave up: \(cause.rawValue)") WHERE subject = \(work.name)")
            }
            let (first, last, stopped) = (
                try await shop.enqueue(type, "first"), try await shop.enqueue(type, "last"), try await shop.enqueue(type, "stopped")
            )
            try await crash(first, attempts: 1, shop)
            try await crash(last, attempts: 5, deaths: 4, shop)
            try await crash(stopped, attempts: 1, shop, cancelled: true)
            let marker = try await shop.enqueue(type, "marker")
            try await shop.running([handler]) {
                while try await shop.state(marker) != .done { await Task.yield() }
                #expect(notes.all == ["marker 1"], "a living lease is respected")
                shop.clock.advance(by: .seconds(31))
                try await shop.queue.idle()
            }
            #expect(notes.all == ["marker 1", "first 2"])
            #expect(try await shop.state(first) == .done)
            #expect(try await shop.state(stopped) == .cancelled)
            let dead = try #require(try await shop.queue.job(last))
            #expect(dead.state == .dead && dead.deaths == 5 && dead.note == "gave up: ended_process" && dead.error == Suspicion.verdict)
        }
    }

    @Test(arguments: TestDatabases.all) func whoIsAloneWaitsForNoLease(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let id = try await shop.enqueue(type)
            try await crash(id, attempts: 1, shop)
            try await shop.running([JobHandler(type) { _, context in notes.add("attempt \(context.attempt)") }], isAlone: true) {
                try await shop.queue.idle()
            }
            #expect(notes.all == ["attempt 2"])
        }
    }

    @Test(arguments: TestDatabases.all) func whatWasDoneLongAgoIsForgotten(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let id = try await shop.enqueue(type)
            try await shop.running([JobHandler(type) { _, _ in }]) { try await shop.queue.idle() }
            #expect(try await shop.state(id) == .done)
            shop.clock.advance(by: JobPace().memory + .seconds(1))
            try await shop.running([]) { while try await shop.state(id) != nil { await Task.yield() } }
        }
    }

    @Test(arguments: TestDatabases.all) func whoLostAJobChangesItNoMore(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (begun, notes) = (Gate(), Notes())
            let handler = JobHandler(type) { _, _ in
                begun.open()
                do { try await forever() } catch {
                    notes.add("stopped")
                    throw error
                }
            }
            let id = try await shop.enqueue(type)
            try await shop.running([handler], pace: JobPace(lease: .milliseconds(120), poll: .milliseconds(20))) {
                try await begun.pass()
                try await crash(id, attempts: 2, shop)
                while notes.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            }
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .running && job.attempts == 2, "it is the other process's now")
        }
    }

    @Test(arguments: TestDatabases.all) func twoProcessesShareAndDoNothingTwice(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let handler = JobHandler(JobType<Work>("test.work", concurrency: 4)) { work, _ in notes.add(work.name) }
            let names = (0..<60).map { "job \($0)" }
            try await shop.database.write { connection in
                for name in names { try shop.queue.enqueue(type, Work(name: name), principal: nil, in: connection) }
            }
            let other = shop.another()
            try await shop.running([handler]) {
                try await other.running([handler]) {
                    try await shop.queue.idle()
                    try await other.queue.idle()
                }
            }
            #expect(notes.all.sorted() == names.sorted())
        }
    }
}
