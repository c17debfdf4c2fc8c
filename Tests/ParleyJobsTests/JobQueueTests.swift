import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct JobQueueTests {
    private let type = JobType<Work>("test.work")

    @Test(arguments: TestDatabases.all) func aJobIsPartOfItsTransaction(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            await #expect(throws: Failure.self) {
                try await shop.database.write { connection in
                    try shop.queue.enqueue(type, Work(name: "no"), principal: nil, in: connection)
                    throw Failure()
                }
            }
            #expect(try await shop.queue.counts() == [:])
            let user = PrincipalReference.test(UserID(at: shop.clock.now()))
            let id = try await shop.database.write { connection in
                try shop.queue.enqueue(type, Work(name: "yes"), principal: user, subject: "doc_1", after: .seconds(5), in: connection)
            }
            let job = try #require(try await shop.queue.job(id))
            #expect(job.state == .queued && job.principal == user && job.subject == "doc_1" && job.type == "test.work")
            #expect(job.runAt == shop.clock.now() + .seconds(5) && job.createdAt == shop.clock.now() && job.finishedAt == nil)
        }
    }

    @Test(arguments: TestDatabases.all) func aUniqueJobIsQueuedOnce(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let first = try await shop.enqueue(type, unique: "a")
            let again = try await shop.enqueue(type, unique: "a")
            let other = try await shop.enqueue(type, unique: "b")
            let elsewhere = try await shop.enqueue(JobType("test.other"), unique: "a")
            #expect(first == again)
            #expect(Set([first, other, elsewhere]).count == 3)
            #expect(try await shop.queue.cancel(first))
            let next = try await shop.enqueue(type, unique: "a")
            #expect(next != first)
            #expect(try await shop.queue.retry(first) == false, "its key belongs to another job now")
        }
    }

    @Test(arguments: TestDatabases.all) func manyAtOnceGetTheSameUniqueJob(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let ids = try await withThrowingTaskGroup(of: JobID.self) { group in
                for _ in 0..<20 { group.addTask { try await shop.enqueue(type, unique: "key") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
        }
    }

    @Test(arguments: TestDatabases.all) func jobsAreListedAndCounted(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            var ids: [JobID] = []
            for name in ["a", "b", "c"] {
                ids.append(try await shop.enqueue(type, name))
                shop.clock.advance(by: .milliseconds(10))
            }
            try await shop.queue.cancel(ids[1])
            #expect(try await shop.queue.jobs().map(\.id) == ids.reversed())
            #expect(try await shop.queue.jobs(JobFilter(state: .queued)).map(\.subject) == ["c", "a"])
            #expect(try await shop.queue.jobs(JobFilter(type: "test.work", subject: "b")).map(\.id) == [ids[1]])
            #expect(try await shop.queue.jobs(JobFilter(before: ids[2]), limit: 1).map(\.id) == [ids[1]])
            #expect(try await shop.queue.counts() == [.queued: 2, .cancelled: 1])
            let backlog = try #require(try await shop.queue.backlog().first)
            #expect(backlog.waiting == 2 && backlog.running == 0 && backlog.dead == 0)
            #expect(backlog.oldestDue == shop.clock.now() - .milliseconds(30))
            #expect(try await shop.queue.removeFinished(before: shop.clock.now() - .seconds(1)) == 0)
            shop.clock.advance(by: .milliseconds(1))
            #expect(try await shop.queue.removeFinished(before: shop.clock.now()) == 1)
            #expect(try await shop.queue.job(ids[1]) == nil)
        }
    }

    @Test(arguments: TestDatabases.all) func aFinishedJobIsNotCancelled(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let id = try await shop.enqueue(type)
            try await shop.running([JobHandler(type) { _, _ in }]) { try await shop.queue.idle() }
            #expect(try await shop.queue.cancel(id) == false)
            #expect(try await shop.queue.retry(id) == false)
            #expect(try await shop.state(id) == .done)
        }
    }
}
