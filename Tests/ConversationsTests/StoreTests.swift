import ParleyCore
import ParleyDatabase
import ParleyTesting
import Retrieval
import Testing

@testable import Conversations

@Suite struct StoreTests {
    private let messages = MessageStore()
    private let threads = ThreadStore()

    @Test(arguments: TestDatabases.all)
    func anAnswerComesBackAsItWasStored(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let stored = try await database.write { [messages] connection -> (Message, Message?) in
                guard var answer = try messages.message(conversation.answer, in: conversation.thread, connection) else { throw Missing() }
                answer.content = "Ünïcode 🎉 \"quoted\""
                answer.state = .complete
                answer.attempt = 2
                answer.outcome.passages = [try passage("Words.", index: 1, from: 0)]
                answer.outcome.citations = [Citation.example]
                answer.outcome.usage = TokenUsage(promptTokens: 1, completionTokens: 2)
                try messages.update(answer, in: connection)
                return (answer, try messages.message(conversation.answer, in: conversation.thread, connection))
            }
            #expect(stored.0 == stored.1)
            let other = try await database.read { [messages] in
                try messages.message(conversation.answer, in: ThreadID(at: Conversation.moment), $0)
            }
            #expect(other == nil, "a message is reached through its thread alone")
        }
    }

    @Test(arguments: TestDatabases.all)
    func thePathLeadsFromTheRootToTheMessage(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let read = try await database.read { [messages] connection in
                (
                    try messages.path(to: conversation.answer, in: conversation.thread, limit: 10, connection).map(\.id),
                    try messages.path(to: conversation.answer, in: conversation.thread, limit: 1, connection).map(\.id),
                    try messages.last(of: conversation.thread, in: connection)
                )
            }
            #expect(read.0 == [conversation.question, conversation.answer])
            #expect(read.1 == [conversation.answer])
            #expect(read.2 == conversation.answer)
        }
    }

    @Test(arguments: TestDatabases.all)
    func aDeletedThreadIsGone(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let (owner, project, id) = (conversation.owner, conversation.project, conversation.thread)
            let seen = try await database.write { [threads] connection in
                let before = try threads.threads(ListQuery(), of: owner, in: project, connection).items.map(\.id)
                let stranger = try threads.thread(id, of: UserID(at: Conversation.moment), in: project, connection)
                try threads.rename(id, "New", at: Conversation.moment, in: connection)
                let title = try threads.thread(id, of: owner, in: project, connection)?.title
                try threads.delete(id, at: Conversation.moment, in: connection)
                return (before, stranger, title, try threads.thread(id, of: owner, in: project, connection))
            }
            #expect(seen.0 == [id] && seen.1 == nil && seen.2 == "New" && seen.3 == nil)
        }
    }

    private struct Missing: Error {}
}
