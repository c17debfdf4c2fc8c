public import ParleyAuthority
public import ParleyCore
import ParleyDatabase

/// Other branches of the tree of messages. Nothing that was said is changed: every way to go on makes new messages beside the old ones.
extension ConversationService {
    /// Makes another answer to a question; the message may be the question or one of its answers.
    /// - Throws: `thread.not_found`, `message.not_found`, `usage.tokens_used_up`, `input.invalid` for an unknown model.
    public func regenerate(_ id: MessageID, options: AnswerOptions, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws
        -> Exchange
    {
        try await branch(of: thread, options, scope) { now, connection in
            let question = try self.question(of: id, in: thread, connection)
            return Exchange(question: question, answer: try answer(to: question, options: options, at: now, scope, connection))
        }
    }

    /// Asks a question in other words, at the place where it was asked.
    /// - Throws: `thread.not_found`, `message.not_found`, `usage.tokens_used_up`, `input.invalid` for an unknown model.
    public func edit(
        _ id: MessageID, to content: String, options: AnswerOptions, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>
    ) async throws -> Exchange {
        try await branch(of: thread, options, scope) { now, connection in
            let question = try self.question(of: id, in: thread, connection)
            return try put(content, under: question.parent, options: options, in: thread, at: now, scope, connection)
        }
    }

    /// Goes on with an answer that broke off, was stopped or met its limit of tokens. The new answer begins with what there is.
    /// - Throws: `thread.not_found`, `message.not_found`, `message.not_continuable`, `usage.tokens_used_up`.
    public func goOn(with id: MessageID, options: AnswerOptions, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws
        -> Exchange
    {
        try await branch(of: thread, options, scope) { now, connection in
            let earlier = try find(id, of: thread, in: connection)
            guard earlier.role == .assistant, earlier.state != .generating, !earlier.content.isEmpty else {
                throw ParleyError(.messageNotContinuable, "Only an answer that is over and has words can be gone on with.")
            }
            let question = try self.question(of: id, in: thread, connection)
            let answer = try answer(to: question, options: options, continues: id, at: now, scope, connection)
            return Exchange(question: question, answer: answer)
        }
    }

    private func branch(
        of thread: ThreadID, _ options: AnswerOptions, _ scope: ProjectScope<ThreadsUse>,
        _ make: @escaping @Sendable (Timestamp, Connection) throws -> Exchange
    ) async throws -> Exchange {
        let now = clock.now()
        if let model = options.model { try models.require(model, pointer: "/model") }
        return try await database.write { connection in
            _ = try find(thread, scope, in: connection)
            let exchange = try make(now, connection)
            try threads.touch(thread, at: now, in: connection)
            return exchange
        }
    }

    /// The message itself, or the question that it answers.
    private func question(of id: MessageID, in thread: ThreadID, _ connection: Connection) throws -> Message {
        let message = try find(id, of: thread, in: connection)
        guard message.role == .assistant, let parent = message.parent else { return message }
        return try find(parent, of: thread, in: connection)
    }
}
