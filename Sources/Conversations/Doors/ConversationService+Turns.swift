import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// A turn of a conversation that was had elsewhere.
struct ForeignTurn: Sendable {
    let role: MessageRole
    let text: String
}

extension ConversationService {
    private static let temporaryLife = Duration.seconds(86_400)

    /// Puts a question into a thread of its own, under the turns that went before it elsewhere.
    /// - Parameter isKept: whether the thread is listed and stays; otherwise the caller removes it after the answer.
    /// - Throws: `usage.tokens_used_up`, `input.invalid` for an unknown model.
    func ask(_ question: String, after turns: [ForeignTurn], options: AnswerOptions, isKept: Bool, _ scope: ProjectScope<ThreadsUse>)
        async throws
        -> Exchange
    {
        let now = clock.now()
        try require(options)
        return try await database.write { connection in
            try threads.removeTemporary(of: scope.principal.user, before: now - Self.temporaryLife, in: connection)
            let thread = ChatThread(
                id: ThreadID(at: now), project: scope.project, owner: scope.principal.user, title: Self.title(for: question),
                createdAt: now, updatedAt: now)
            try threads.insert(thread, isTemporary: !isKept, in: connection)
            if isKept { try tell("thread.added", thread.id.description, scope, in: connection) }
            let last = try insert(turns, before: now, in: thread.id, connection)
            return try put(question, under: last, options: options, in: thread.id, at: now, scope, connection)
        }
    }

    /// Stores earlier turns, each under the one before it; their ids sort before those of messages made now.
    private func insert(_ turns: [ForeignTurn], before now: Timestamp, in thread: ThreadID, _ connection: Connection) throws -> MessageID? {
        var parent: MessageID?
        for (index, turn) in turns.enumerated() {
            let moment = now - .milliseconds(turns.count - index)
            let message = Message(
                id: MessageID(at: moment), thread: thread, parent: parent, role: turn.role, content: turn.text, state: .complete,
                outcome: AnswerOutcome(), job: nil, attempt: 0, createdAt: now)
            try messages.insert(message, in: connection)
            parent = message.id
        }
        return parent
    }

    /// Ends an answer that nobody waits for any more, and removes its thread once nothing writes to it.
    func discard(_ answer: Message, _ scope: ProjectScope<ThreadsUse>) async throws {
        _ = try await cancel(answer.id, of: answer.thread, scope)
        _ = try await whole(answer, scope)
        try await remove(answer.thread, scope)
    }

    /// The answer once nothing is added to it any more.
    func whole(_ answer: Message, _ scope: ProjectScope<ThreadsUse>) async throws -> Message {
        var events = try await AnswerFollower(self).follow(answer.id, of: answer.thread, after: 0, scope).makeAsyncIterator()
        while try await events.nextEvent() != nil {}
        return try await message(answer.id, of: answer.thread, scope)
    }

    /// Removes a temporary thread of the caller's.
    func remove(_ thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws {
        try await database.write { try threads.remove(thread, of: scope.principal.user, in: scope.project, $0) }
    }

    /// The message's thread and project, whichever thread of the caller's it stands in; nil when there is none.
    func place(of message: MessageID, _ caller: Scope<ProtocolsUse>) async throws -> (thread: ThreadID, project: ProjectID)? {
        let row = try await database.read { connection in
            try connection.row(
                """
                SELECT threads.id AS thread_id, threads.project_id AS project_id FROM messages
                JOIN threads ON threads.id = messages.thread_id
                WHERE messages.id = \(message) AND threads.created_by = \(caller.principal.user) AND threads.deleted_at IS NULL
                """
            ).map { Place(thread: try $0["thread_id"], project: try $0["project_id"]) }
        }
        return row.map { ($0.thread, $0.project) }
    }

    private struct Place: Sendable {
        let thread: ThreadID
        let project: ProjectID
    }
}
