import Accounts
import Library
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyJobs
import Retrieval

@testable import Conversations

/// A project with one thread in it: a question, and its answer that is being made.
struct Conversation {
    static let migrations =
        JobsSchema.migrations + AccountsSchema.migrations + LibrarySchema.migrations + RetrievalSchema.migrations
        + ConversationsSchema.migrations

    let owner = UserID(at: moment)
    let project = ProjectID(at: moment)
    let thread: ThreadID
    let question: MessageID
    let answer: MessageID
    static let moment = Timestamp(milliseconds: 1_790_000_000_000)

    init(_ database: Database) async throws {
        let now = Self.moment
        (thread, question, answer) = (ThreadID(at: now), MessageID(at: now), MessageID(at: now + .milliseconds(1)))
        let (owner, project, thread, question, answer) = (owner, project, thread, question, answer)
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
                VALUES (\(owner), \("ada@example.com"), \("Ada"), \("user"), \("none"), \(now), \(now))
                """)
            try connection.execute(
                "INSERT INTO projects (id, name, created_by, created_at, updated_at) VALUES (\(project), \("P"), \(owner), \(now), \(now))")
            try ThreadStore().insert(
                ChatThread(id: thread, project: project, owner: owner, title: "T", createdAt: now, updatedAt: now), in: connection)
            for (id, parent, role) in [(question, nil, MessageRole.user), (answer, question, .assistant)] {
                try MessageStore().insert(
                    Message(
                        id: id, thread: thread, parent: parent, role: role, content: "", state: role == .user ? .complete : .generating,
                        outcome: AnswerOutcome(), job: nil, attempt: 0, createdAt: now),
                    in: connection)
            }
        }
    }
}

extension AnswerLimits {
    /// No quotas, and more answers than a test makes.
    static var none: AnswerLimits {
        AnswerLimits(
            Answering.Configuration(passages: 6, answerTokens: 256, promptTokens: 1100, repetitionPenalty: 1, abstains: false),
            quotas: Quotas(), models: ChatModels([]))
    }
}
