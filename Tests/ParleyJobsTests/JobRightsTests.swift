import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting
import Testing

/// What is done on somebody's behalf ends when they may not do it any more.
@Suite struct JobRightsTests {
    private let type = JobType<Work>("test.work", maxAttempts: 3)

    @Test(arguments: TestDatabases.all) func aRunningJobLosesItsRight(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let notes = Notes()
            let (user, project) = (UserID(at: shop.clock.now()), ProjectID(at: shop.clock.now()))
            let handler = JobHandler(type) { work, context in
                _ = try await context.scope(.threadsUse, on: project)
                notes.add("began")
                do { try await Task.sleep(for: .seconds(60)) } catch {
                    notes.add("stopped: \(context.refusal?.code.name ?? "for another reason")")
                    try context.checkCancelled()
                }
            } gaveUp: { work, cause, _ in
                notes.add("\(work.name) given up")
            }
            let pace = JobPace(poll: .milliseconds(50), rights: .milliseconds(20)) { _ in .zero }
            let id = try await shop.running([handler], pace: pace) {
                let id = try await shop.database.write {
                    try shop.queue.enqueue(type, Work(name: "a"), principal: .test(user), in: $0)
                }
                while notes.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                shop.people.sendAway(user)
                try await shop.queue.idle()
                return id
            }
            #expect(notes.all == ["began", "stopped: project.not_found", "a given up"])
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .dead && job.error?.contains("not a member") == true)
        }
    }

    @Test(arguments: TestDatabases.all) func nothingBeginsWithoutARight(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let (user, project) = (UserID(at: shop.clock.now()), ProjectID(at: shop.clock.now()))
            let handler = JobHandler(type) { _, context in _ = try await context.scope(.documentsWrite, on: project) }
            shop.people.sendAway(user)
            let jobs = try await shop.running([handler]) {
                let jobs = try await shop.database.write { connection in
                    [
                        try shop.queue.enqueue(type, Work(name: "a"), principal: .test(user), in: connection),
                        try shop.queue.enqueue(type, Work(name: "b"), principal: nil, in: connection),
                    ]
                }
                try await shop.queue.idle()
                return jobs
            }
            for id in jobs { #expect(try await shop.state(id) == .dead) }
        }
    }
}
