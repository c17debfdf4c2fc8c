import ParleyCore
import ParleyDatabase
import ParleyTesting
import Synchronization
import Testing

@testable import ParleyJobs

/// What becomes of jobs whose processes die.
@Suite(.timeLimit(.minutes(2))) struct SuspectTests {
    private let type = JobType<Work>("test.work", maxAttempts: 2, concurrency: 4)
    private let pace = JobPace(poll: .milliseconds(10), quiet: .milliseconds(20)) { _ in .zero }

    /// Runs processes one after the other, each until nothing is left to do or it dies, and no more than so many.
    /// - Returns: how many died.
    private func deaths(
        _ shop: Workshop, _ handlers: [JobHandler], _ death: Death, atMost limit: Int, pace: JobPace? = nil
    ) async throws -> Int {
        for deaths in 0..<limit {
            death.gate.withLock { $0 = Gate() }
            let life = shop.another()
            let ended = try await life.running(handlers, drain: .milliseconds(200), isAlone: true, pace: pace ?? self.pace) {
                await withTaskGroup(of: Bool.self) { group in
                    group.addTask { (try? await death.gate.withLock { $0 }.pass()) != nil }
                    group.addTask { (try? await life.queue.idle()) == nil }
                    let died = await group.next() ?? false
                    group.cancelAll()
                    return died
                }
            }
            if !ended { return deaths }
        }
        return limit
    }

    /// Ends the process: its jobs stay as they stand, and nothing that it does afterwards reaches them.
    private final class Death: Sendable {
        let gate = Mutex(Gate())
        let shop: Workshop

        init(_ shop: Workshop) { self.shop = shop }

        func strike() async throws {
            try await shop.database.write { try $0.execute("UPDATE jobs SET worker = 'dead process' WHERE state = 'running'") }
            gate.withLock { $0 }.open()
            try await forever()
        }
    }

    @Test(arguments: TestDatabases.all) func whatEndsItsProcessEndsAloneAndInnocentsAreDone(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (death, done, beside, meter) = (Death(shop), Notes(), Notes(), Meter())
            let poison = Mutex(0)
            let handler = JobHandler(type) { work, context in
                try await meter.measure {
                    guard work.name == "poison" else {
                        try await Task.sleep(for: .milliseconds(5))
                        return done.add(work.name)
                    }
                    let run = poison.withLock {
                        $0 += 1
                        return $0
                    }
                    if run > 2 {
                        try await Task.sleep(for: .milliseconds(60))
                        if meter.now > 1 { beside.add("run \(run)") }
                    }
                    try await death.strike()
                }
            } gaveUp: { work, cause, connection in
                try connection.execute("UPDATE jobs SET note = \(cause.rawValue) WHERE subject = \(work.name)")
            }
            let other = JobHandler(JobType<Work>("test.other")) { work, _ in
                try await meter.measure { try await Task.sleep(for: .milliseconds(5)) }
                done.add(work.name)
            }
            let names = (0..<12).map { "innocent \($0)" }
            for name in names[..<3] { try await shop.enqueue(type, name) }
            let id = try await shop.enqueue(type, "poison")
            for name in names[3..<9] { try await shop.enqueue(type, name) }
            for name in names[9...] { try await shop.enqueue(JobType("test.other"), name) }

            #expect(try await deaths(shop, [handler, other], death, atMost: 20) == 5)
            #expect(Set(done.all) == Set(names) && beside.all.isEmpty)
            #expect(try await shop.queue.counts() == [.done: 12, .dead: 1])
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .dead && job.deaths == 5 && job.failures == 0 && job.note == "ended_process")
            #expect(job.error == Suspicion.verdict)
            let events = try await Events(database: shop.database, clock: shop.clock).read(after: .start, limit: 10)
            #expect(events.map(\.kind) == ["job.given_up"] && events.first?.subject == id.description)
            #expect(try await shop.queue.troubled().map(\.id) == [id])

            #expect(try await shop.queue.retry(id))
            #expect(try await deaths(shop, [handler, other], death, atMost: 20) == 3, "known for what it is, it runs alone at once")
            #expect(beside.all.isEmpty)
        }
    }

    @Test(arguments: TestDatabases.all) func whatGetsFurtherEachTimeIsInnocent(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let death = Death(shop)
            let step = Mutex(0.0)
            let further = JobHandler(type) { work, context in
                let reached =
                    work.name == "slow"
                    ? step.withLock {
                        $0 += 0.1
                        return $0
                    } : 0.5
                await context.report(progress: reached, "so far")
                if reached < 0.95 { try await death.strike() }
            }
            let slow = try await shop.enqueue(type, "slow")
            #expect(try await deaths(shop, [further], death, atMost: 20) == 9)
            #expect(try await shop.state(slow) == .done)
            let stuck = try await shop.enqueue(type, "stuck")
            #expect(try await deaths(shop, [further], death, atMost: 20) == 5, "where it had been before clears nothing")
            #expect(try await shop.state(stuck) == .dead)
        }
    }

    /// A server that something ends every few seconds condemns no job, and a suspect waits for it to live longer.
    @Test(arguments: TestDatabases.all) func killsFromOutsideCondemnNobody(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let handler = JobHandler(type) { work, _ in
                notes.add(work.name)
                if work.name == "innocent" { try await forever() }
            }
            let id = try await shop.enqueue(type, "innocent")
            for life in 0..<8 {
                try await shop.another().running([handler], drain: .zero, isAlone: true, pace: JobPace(poll: .milliseconds(10))) {
                    let name = "life \(life)"
                    try await shop.enqueue(type, name)
                    while !notes.all.contains(name) { try await Task.sleep(for: .milliseconds(2)) }
                    if life < 2 { while notes.all.count(where: { $0 == "innocent" }) <= life { await Task.yield() } }
                    try await shop.database.write { try $0.execute("UPDATE jobs SET worker = 'dead process' WHERE state = 'running'") }
                }
            }
            #expect(notes.all.count(where: { $0 == "innocent" }) == 2, "it waits for a process that lives")
            #expect(try await shop.queue.job(id)?.state == .queued)
            #expect(try await shop.queue.troubled().map(\.id) == [id])
            try await shop.running([JobHandler(type) { _, _ in }], isAlone: true, pace: pace) { try await shop.queue.idle() }
            #expect(try await shop.state(id) == .done)
        }
    }

    @Test(arguments: TestDatabases.all) func aSuspectGivesWayToPeopleAndIsDoneInTheEnd(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let urgent = JobType<Work>("test.urgent", priority: .high)
            let (meter, notes) = (Meter(), Notes())
            let handlers = [
                JobHandler(type) { _, _ in
                    notes.add("begun")
                    try await meter.measure { try await Task.sleep(for: .milliseconds(250)) }
                },
                JobHandler(urgent) { work, _ in await meter.measure { notes.add(work.name) } },
            ]
            let id = try await shop.database.write {
                try shop.queue.enqueue(type, Work(name: "s"), principal: nil, isSuspected: true, in: $0)
            }
            var pace = pace
            (pace.turn, pace.quiet) = (.milliseconds(60), .zero)
            try await shop.running([handlers[0], handlers[1]], pace: pace) {
                while !notes.all.contains("begun") { try await Task.sleep(for: .milliseconds(2)) }
                for number in 0..<3 {
                    try await shop.enqueue(urgent, "answer \(number)")
                    while !notes.all.contains("answer \(number)") { try await Task.sleep(for: .milliseconds(2)) }
                    try await Task.sleep(for: .milliseconds(100))
                }
                try await shop.queue.idle()
            }
            #expect(meter.most == 1, "nothing beside a suspect")
            #expect(notes.all.count(where: { $0 == "begun" }) > 1, "it was put back")
            #expect(try await shop.state(id) == .done)
            #expect(try await shop.queue.counts() == [.done: 4])
        }
    }

    @Test(arguments: TestDatabases.all) func whatDoesNotEndIsPutBackForASuspect(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (meter, notes) = (Meter(), Notes())
            let handler = JobHandler(type) { work, _ in
                notes.add(work.name)
                try await meter.measure {
                    if work.name == "long", notes.all.count(where: { $0 == "long" }) == 1 { try await forever() }
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            var pace = pace
            pace.patience = .milliseconds(60)
            try await shop.enqueue(type, "long")
            try await shop.running([handler], pace: pace) {
                while notes.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                for name in ["suspect 1", "suspect 2"] {
                    try await shop.database.write {
                        try shop.queue.enqueue(type, Work(name: name), principal: nil, isSuspected: true, in: $0)
                    }
                }
                try await shop.queue.idle()
            }
            #expect(meter.most == 1 && notes.all.count == 4)
            let long = try #require(try await shop.queue.jobs(JobFilter(subject: "long")).first)
            #expect(long.state == .done && long.attempts == 1 && long.failures == 0)
        }
    }

    /// A process that is asked to go and whose job does not stop in time did not die of it.
    @Test(arguments: TestDatabases.all) func goingIsNoDeath(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (notes, gate) = (Notes(), Gate())
            let handler = JobHandler(type) { _, _ in
                notes.add("begun")
                await Task { try? await gate.pass() }.value
            }
            let id = try await shop.enqueue(type)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await shop.running([handler], drain: .milliseconds(20)) {
                        while notes.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                    }
                }
                while notes.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
                while try await shop.state(id) != .queued { try await Task.sleep(for: .milliseconds(5)) }
                #expect(try await shop.queue.job(id)?.deaths == 0)
                gate.open()
                try await group.waitForAll()
            }
            #expect(try await shop.state(id) == .queued, "what it ends with later is nobody's business")
        }
    }
}
