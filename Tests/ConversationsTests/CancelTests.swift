import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyInference
import ParleyJobs
import ParleyTesting
import Testing

@testable import Conversations

@Suite struct CancelTests {
    @Test(arguments: TestDatabases.all)
    func anAnswerThatHasNotBegunEndsAtOnce(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let jobs = JobQueue(database: database, clock: SystemClock())
            let service = ConversationService(
                database: database, jobs: jobs, events: Events(database: database, clock: SystemClock()), models: ChatModels([]),
                reader: nil, clock: SystemClock(), limits: .none)
            let authorizer = Authorizer.test(Owner(user: conversation.owner))
            let scope = try await authorizer.scope(.test(conversation.owner), .threadsUse, on: conversation.project)

            let asked = try await service.ask("Anything?", parent: nil, in: conversation.thread, scope).answer
            #expect(asked.state == .generating)
            #expect(try await service.cancel(asked.id, of: conversation.thread, scope).state == .cancelled)
            let job = try #require(asked.job)
            #expect(try await jobs.job(job)?.state == .cancelled)
            let events = try await AnswerFollower(service).follow(asked.id, of: conversation.thread, after: 0, scope)
            let kinds = try await events.reduce(into: [String?]()) { $0.append($1.id) }
            #expect(kinds == ["1"], "who follows it hears of its end")
            #expect(try await service.cancel(asked.id, of: conversation.thread, scope).state == .cancelled)
        }
    }

    /// One person owns every project.
    private struct Owner: MembershipSource {
        let user: UserID
        func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? { user == self.user ? .owner : nil }
        func projectExists(_ project: ProjectID) async throws -> Bool { true }
    }
}
