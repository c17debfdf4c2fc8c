public import ParleyAuthority
public import ParleyCore
import ParleyDatabase
public import Retrieval

/// An answer that was made to see what it would be.
public struct TrialAnswer: Sendable {
    public let message: Message
    /// How long each stage took.
    public let stages: [SearchTrace.Stage]
}

extension ConversationService {
    /// Asks a question with these settings in place of the project's, waits for the answer, and forgets the thread it stood in.
    /// - Throws: `usage.tokens_used_up`, `input.invalid` for an unknown model.
    public func trial(_ question: String, settings: ChatSettings, _ scope: ProjectScope<ThreadsUse>) async throws -> TrialAnswer {
        var options = AnswerOptions()
        options.settings = settings
        let exchange = try await ask(question, after: [], options: options, isKept: false, scope)
        do {
            let message = try await whole(exchange.answer, scope)
            let trace = try await database.read { try AnswerTraceStore().trace(of: message.id, in: $0) }
            try await remove(message.thread, scope)
            return TrialAnswer(message: message, stages: trace?.stages ?? [])
        } catch {
            try? await discard(exchange.answer, scope)
            throw error
        }
    }

    /// The question at a message of the caller's own thread, and the answer: the message's own, or none yet for a question.
    /// - Throws: `thread.not_found`, `message.not_found`.
    public func turn(_ id: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> (
        question: String, answer: Message?
    ) {
        let message = try await message(id, of: thread, scope)
        guard message.role == .assistant, let parent = message.parent else { return (message.content, nil) }
        return (try await self.message(parent, of: thread, scope).content, message)
    }
}
