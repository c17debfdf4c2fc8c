import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTelemetry
import ParleyTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct JobProcessorTests {
    private let type = JobType<Work>("test.work", maxAttempts: 3)

    @Test(arguments: TestDatabases.all) func jobsRunAtOnceWithAllTheyNeed(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let user = PrincipalReference.test(UserID(at: shop.clock.now()), key: KeyID(at: shop.clock.now()))
            let handler = JobHandler(type) { work, context in
                notes.add("\(work.name) \(context.attempt) \(context.reference == user) \(TraceContext.current?.traceID.description ?? "")")
                await context.report(progress: 0.5, "half")
            }
            let trace = TraceContext()
            // A poll that never comes: the processor must be woken.
            let id = try await shop.running([handler], pace: JobPace(poll: .seconds(3600))) {
                let id = try await TraceContext.$current.withValue(trace) {
                    try await shop.database.write { try shop.queue.enqueue(type, Work(name: "a"), principal: user, in: $0) }
                }
                try await shop.queue.idle()
                return id
            }
            #expect(notes.all == ["a 1 true \(trace.traceID)"])
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .done && job.progress == 1 && job.note == "half" && job.finishedAt == shop.clock.now())
        }
    }

    @Test(arguments: TestDatabases.all) func aFailedJobIsTriedAgainThenGivenUp(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let handler = JobHandler(type) { work, context in
                notes.add("\(work.name) \(context.attempt)\(context.isLastAttempt ? " last" : "")")
                if work.name == "bad" || context.attempt < 2 { throw Failure() }
            } gaveUp: { work, cause, connection in
                try connection.execute("UPDATE jobs SET note = \("gave up \(work.name): \(cause)") WHERE subject = \(work.name)")
            }
            let (bad, good) = (try await shop.enqueue(type, "bad"), try await shop.enqueue(type, "good"))
            try await shop.running([handler]) { try await shop.queue.idle() }
            #expect(notes.all.filter { $0.hasPrefix("bad") } == ["bad 1", "bad 2", "bad 3 last"])
            #expect(notes.all.filter { $0.hasPrefix("good") } == ["good 1", "good 2"])
            let dead = try #require(try await shop.queue.job(bad))
            #expect(dead.state == .dead && dead.error == "it went wrong" && dead.attempts == 3 && dead.note == "gave up bad: failed")
            #expect(try await shop.state(good) == .done)

            #expect(try await shop.queue.retry(bad))
            try await shop.running([JobHandler(type) { _, _ in }]) { try await shop.queue.idle() }
            #expect(try await shop.state(bad) == .done)
        }
    }

    @Test(arguments: TestDatabases.all) func whatCannotGetBetterIsGivenUpAtOnce(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let forbidden = try await shop.enqueue(type, "forbidden")
            let foreign = try await shop.database.write {
                try shop.queue.enqueue(JobType<Int>("test.work", maxAttempts: 3), 7, principal: nil, in: $0)
            }
            let handler = JobHandler(type) { _, _ in throw ParleyError(.forbidden, "You are not a member any more.") }
            try await shop.running([handler]) { try await shop.queue.idle() }
            for id in [forbidden, foreign] {
                let job = try #require(try await shop.queue.job(id))
                #expect(job.state == .dead && job.attempts == 1 && job.failures == 1)
            }
        }
    }

    /// Two stuck lanes of one house and their many jobs leave room for the others.
    @Test(arguments: TestDatabases.all) func aStuckLaneHoldsItsShareAlone(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let type = JobType<Work>("test.lanes", concurrency: 6, sharing: .capped(perMember: 2))
            let (notes, gate, meter) = (Notes(), Gate(), Meter())
            let handler = JobHandler(type) { work, _ in
                guard work.name == "stuck" else { return notes.add(work.name) }
                try await meter.measure { try await gate.pass() }
            }
            for lane in ["house/a", "house/a", "house/a", "house/b", "house/b", "house/b", "house/c", "other/a", "other/b"] {
                try await shop.database.write {
                    let work = Work(name: lane.hasPrefix("house") ? "stuck" : lane)
                    try shop.queue.enqueue(type, work, principal: nil, lane: lane, in: $0)
                }
            }
            try await shop.enqueue(type, "without a lane")
            try await shop.running([handler]) {
                while notes.all.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
                #expect(Set(notes.all) == ["other/a", "other/b", "without a lane"])
                #expect(meter.most <= 3, "half of the places, and two of a lane")
                gate.open()
                try await shop.queue.idle()
            }
            #expect(try await shop.queue.counts() == [.done: 10], "in the end each is done")
        }
    }

    /// What a dead job was about may be gone, or its rows be in a state that nobody thought of.
    @Test(arguments: TestDatabases.all) func aHandlerThatCannotEndItsJobKeepsItNotAlive(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let handler = JobHandler(type) { _, _ in
                throw ParleyError(.forbidden, "No more.")
            } gaveUp: { work, _, connection in
                try connection.execute("UPDATE jobs SET note = 'half done' WHERE subject = \(work.name)")
                try connection.execute("INSERT INTO jobs (id) VALUES ('incomplete')")
            }
            let id = try await shop.enqueue(type)
            try await shop.running([handler]) { try await shop.queue.idle() }
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .dead && job.note == "")
        }
    }

    @Test(arguments: TestDatabases.all) func aPauseFollowsAFailure(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let handler = JobHandler(type) { work, _ in
                if work.name == "later" { throw ParleyError(.unavailable, "Not now.", retryAfter: .seconds(500)) }
                throw Failure()
            }
            let (plain, later) = (try await shop.enqueue(type, "plain"), try await shop.enqueue(type, "later"))
            try await shop.running([handler], pace: JobPace(poll: .milliseconds(20)) { .seconds(10 * $0) }) { try await shop.queue.idle() }
            #expect(try await shop.queue.job(plain)?.runAt == shop.clock.now() + .seconds(10))
            #expect(try await shop.queue.job(later)?.runAt == shop.clock.now() + .seconds(500))
            shop.clock.advance(by: .seconds(10))
            try await shop.running([handler], pace: JobPace(poll: .milliseconds(20)) { .seconds(10 * $0) }) { try await shop.queue.idle() }
            #expect(try await shop.queue.job(plain)?.runAt == shop.clock.now() + .seconds(20))
            #expect(try await shop.queue.job(later)?.attempts == 1)
        }
    }

    @Test func pausesDoubleWithChance() {
        for attempt in 1...12 {
            let full = Duration.seconds(min(1 << min(attempt, 10), 300))
            for _ in 0..<50 {
                let pause = JobPace.doubling(attempt)
                #expect(pause >= full / 2 && pause <= full)
            }
        }
        #expect(Set((0..<50).map { _ in JobPace.doubling(5) }).count > 10)
    }

    @Test(arguments: TestDatabases.all) func higherPriorityGoesFirstAndLimitsHold(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let single = JobType<Work>("test.single", concurrency: 1)
            for (name, priority) in [("low", JobPriority.low), ("normal", .normal), ("high", .high), ("high 2", .high)] {
                try await shop.enqueue(JobType("test.single", concurrency: 1, priority: priority), name)
                shop.clock.advance(by: .milliseconds(1))
            }
            let double = JobType<Work>("test.double", concurrency: 2)
            for n in 0..<6 { try await shop.enqueue(double, "\(n)") }
            let running = Meter()
            let handlers = [
                JobHandler(single) { work, _ in notes.add(work.name) },
                JobHandler(double) { _, _ in try await running.measure { try await Task.sleep(for: .milliseconds(5)) } },
            ]
            try await shop.running(handlers) { try await shop.queue.idle() }
            #expect(notes.all == ["high", "high 2", "normal", "low"])
            #expect(running.most == 2)
        }
    }

    @Test(arguments: TestDatabases.all) func aRunningJobIsCancelled(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (begun, notes) = (Gate(), Notes())
            let handler = JobHandler(type) { _, context in
                begun.open()
                do { try await forever() } catch {
                    notes.add("\(context.isCancelled)")
                    try context.checkCancelled()
                }
            }
            let id = try await shop.enqueue(type)
            try await shop.running([handler]) {
                try await begun.pass()
                #expect(try await shop.queue.cancel(id))
                try await shop.queue.idle()
            }
            #expect(notes.all == ["true"])
            #expect(try await shop.state(id) == .cancelled)
        }
    }

    @Test(arguments: TestDatabases.all) func aJobOfAnotherProcessIsCancelled(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let begun = Gate()
            let handler = JobHandler(type) { _, _ in
                begun.open()
                try await forever()
            }
            let id = try await shop.enqueue(type)
            try await shop.running([handler], pace: JobPace(lease: .milliseconds(120), poll: .milliseconds(20))) {
                try await begun.pass()
                #expect(try await shop.another().queue.cancel(id))
                try await shop.queue.idle()
            }
            #expect(try await shop.state(id) == .cancelled)
        }
    }

    @Test(arguments: TestDatabases.all) func anAttemptHasItsTime(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let hasty = JobType<Work>("test.hasty", maxAttempts: 2, timeout: .milliseconds(20))
            let id = try await shop.enqueue(hasty)
            try await shop.running([JobHandler(hasty) { _, _ in try await forever() }]) { try await shop.queue.idle() }
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .dead && job.attempts == 2 && job.error?.contains("longer than") == true)
        }
    }
}
