public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyInference
public import ParleyJobs

/// Keeps threads and messages, and sets answers going. A thread is its owner's alone.
public struct ConversationService: Sendable {
    let database: Database
    let jobs: JobQueue
    let hub: AnswerHub
    let clock: any WallClock
    let threads = ThreadStore()
    let messages = MessageStore()
    private let events: Events
    let models: ChatModels
    let reader: (any PassageReader)?
    let limits: AnswerLimits

    /// - Parameter reader: tells which passage answers, and where; nil for likeness to tell.
    public init(
        database: Database, jobs: JobQueue, events: Events, models: ChatModels, reader: (any PassageReader)?, clock: any WallClock,
        limits: AnswerLimits
    ) {
        (self.database, self.jobs, self.events, self.models, self.clock) = (database, jobs, events, models, clock)
        (self.reader, self.limits) = (reader, limits)
        hub = AnswerHub()
    }

    /// The caller's threads.
    public func threads(_ query: ListQuery, _ scope: ProjectScope<ThreadsUse>) async throws -> ListSlice<ChatThread> {
        try await database.read { try threads.threads(query, of: scope.principal.user, in: scope.project, $0) }
    }

    public func add(title: String?, _ scope: ProjectScope<ThreadsUse>) async throws -> ChatThread {
        let now = clock.now()
        let thread = ChatThread(
            id: ThreadID(at: now), project: scope.project, owner: scope.principal.user, title: title ?? Self.untitled, createdAt: now,
            updatedAt: now)
        try await database.write { connection in
            try threads.insert(thread, in: connection)
            try tell("thread.added", thread.id.description, scope, in: connection)
        }
        return thread
    }

    /// - Throws: `thread.not_found`.
    public func thread(_ id: ThreadID, include: Set<String> = [], _ scope: ProjectScope<ThreadsUse>) async throws -> ChatThread {
        try await database.read { connection in
            let thread = try find(id, scope, in: connection)
            return try threads.include(include, in: [thread], connection).first ?? thread
        }
    }

    /// - Throws: `thread.not_found`.
    public func rename(_ id: ThreadID, _ title: String?, _ scope: ProjectScope<ThreadsUse>) async throws -> ChatThread {
        let now = clock.now()
        return try await database.write { connection in
            _ = try find(id, scope, in: connection)
            if let title {
                try threads.rename(id, title, at: now, in: connection)
                try tell("thread.changed", id.description, scope, in: connection)
            }
            return try find(id, scope, in: connection)
        }
    }

    /// - Throws: `thread.not_found`.
    public func delete(_ id: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws {
        let now = clock.now()
        try await database.write { connection in
            _ = try find(id, scope, in: connection)
            try threads.delete(id, at: now, in: connection)
            try tell("thread.deleted", id.description, scope, in: connection)
        }
    }

    /// The thread's messages.
    /// - Throws: `thread.not_found`.
    public func messages(_ query: ListQuery, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> ListSlice<Message> {
        try await database.read { connection in
            _ = try find(thread, scope, in: connection)
            return try messages.messages(query, of: thread, in: connection)
        }
    }

    /// - Throws: `thread.not_found`, `message.not_found`.
    public func message(_ id: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> Message {
        try await database.read { connection in
            _ = try find(thread, scope, in: connection)
            return try find(id, of: thread, in: connection)
        }
    }

    /// What is stored of an answer's events after this number, and whether it is over, so that there will be no more.
    /// - Throws: `thread.not_found`, `message.not_found`.
    func storedEvents(
        of id: MessageID, in thread: ThreadID, after number: Int, _ scope: ProjectScope<ThreadsUse>
    ) async throws -> (events: [NumberedAnswerEvent], isOver: Bool) {
        try await database.read { connection in
            _ = try find(thread, scope, in: connection)
            // Asked before the events are read: what is over then has stored them all.
            let isOver = try find(id, of: thread, in: connection).state != .generating
            return (try AnswerEventStore().events(of: id, after: number, in: connection), isOver)
        }
    }

    /// Puts a question under a message (the thread's last one when none is named) and sets its answer going.
    /// - Throws: `thread.not_found`, `message.not_found`, `usage.tokens_used_up`, `input.invalid` for an unknown model.
    public func ask(
        _ content: String, parent: MessageID?, options: AnswerOptions = AnswerOptions(), in thread: ThreadID,
        _ scope: ProjectScope<ThreadsUse>
    ) async throws -> Exchange {
        let now = clock.now()
        try require(options)
        return try await database.write { connection in
            let owner = try find(thread, scope, in: connection)
            let above = try parent.map { try find($0, of: thread, in: connection).id } ?? messages.last(of: thread, in: connection)
            let exchange = try put(content, under: above, options: options, in: thread, at: now, scope, connection)
            if owner.title == Self.untitled {
                try threads.rename(thread, Self.title(for: content), at: now, in: connection)
            } else {
                try threads.touch(thread, at: now, in: connection)
            }
            return exchange
        }
    }

    /// - Throws: `input.invalid` for an unknown model.
    func require(_ options: AnswerOptions) throws {
        if let model = options.model { try models.require(model, pointer: "/model") }
    }

    /// Stores the question and its answer to be, and queues the work.
    func put(
        _ content: String, under parent: MessageID?, options: AnswerOptions, in thread: ThreadID, at now: Timestamp,
        _ scope: ProjectScope<ThreadsUse>,
        _ connection: Connection
    ) throws -> Exchange {
        let question = Message(
            id: MessageID(at: now), thread: thread, parent: parent, role: .user, content: content, state: .complete,
            outcome: AnswerOutcome(), job: nil, attempt: 0, createdAt: now)
        try messages.insert(question, in: connection)
        let answer = try answer(to: question, options: options, at: now + .milliseconds(1), scope, connection)
        return Exchange(question: question, answer: answer)
    }

    /// Stores the answer to be of a question, and queues the work.
    /// - Parameter continues: the answer that it goes on with.
    /// - Throws: `answer.overloaded`, `usage.tokens_used_up`.
    func answer(
        to question: Message, options: AnswerOptions, continues: MessageID? = nil, at now: Timestamp, _ scope: ProjectScope<ThreadsUse>,
        _ connection: Connection
    ) throws -> Message {
        var answer = Message(
            id: MessageID(at: now), thread: question.thread, parent: question.id, role: .assistant, content: "", state: .generating,
            outcome: AnswerOutcome(), job: nil, attempt: 0, createdAt: now)
        let work = AnswerWork(
            thread: question.thread, message: answer.id, project: scope.project, options: options, continues: continues)
        answer.job = try jobs.enqueue(
            Answering.job, work, principal: scope.principal.reference, subject: answer.id.description, in: connection)
        try messages.insert(answer, in: connection)
        let asker = Asker(user: scope.principal.user, project: scope.project)
        try limits.admit(answer, options, jobs, asker, at: now, connection)
        try tell("message.asked", answer.id.description, scope, in: connection)
        return answer
    }

    /// Stops an answer that is being made; one that is whole stays as it is.
    /// - Throws: `thread.not_found`, `message.not_found`.
    public func cancel(_ id: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> Message {
        let message = try await message(id, of: thread, scope)
        guard message.state == .generating, let job = message.job else { return message }
        try await jobs.cancel(job)
        guard try await jobs.job(job)?.state == .cancelled else { return message }
        return try await database.write { try end(id, of: thread, scope, in: $0) }
    }

    /// Ends an answer whose job was cancelled before it began; one that had begun has ended itself.
    private func end(_ id: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>, in connection: Connection) throws -> Message {
        var message = try find(id, of: thread, in: connection)
        guard message.state == .generating else { return message }
        message.state = .cancelled
        try messages.update(message, in: connection)
        try limits.settle(id, connection)
        let last = NumberedAnswerEvent(number: AnswerLog.base(ofAttempt: message.attempt + 1) + 1, event: .cancelled)
        try AnswerEventStore().append([last], of: id, in: connection)
        try tell("message.cancelled", id.description, scope, in: connection)
        return message
    }

    func find(_ id: ThreadID, _ scope: ProjectScope<ThreadsUse>, in connection: Connection) throws -> ChatThread {
        guard let thread = try threads.thread(id, of: scope.principal.user, in: scope.project, connection) else {
            throw ParleyError(.threadNotFound, "You have no thread with this id in the project.")
        }
        return thread
    }

    func find(_ id: MessageID, of thread: ThreadID, in connection: Connection) throws -> Message {
        guard let message = try messages.message(id, in: thread, connection) else {
            throw ParleyError(.messageNotFound, "There is no message with this id in the thread.")
        }
        return message
    }

    func tell(_ kind: String, _ subject: String, _ scope: ProjectScope<ThreadsUse>, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: scope.project, subject: subject, actor: scope.principal.user, payload: .object([:])),
            in: connection)
    }

    static let untitled = "New thread"

    /// The question's first words, about 60 characters of them.
    static func title(for question: String) -> String {
        let line = ShownText.line(question)
        let start = TextLength(1...60).fitted(line)
        guard start != line else { return line.isEmpty ? untitled : line }
        let words = start.split(separator: " ").dropLast()
        return (words.isEmpty ? start : words.joined(separator: " ")) + "…"
    }
}

/// A question and the answer that is being made to it.
public struct Exchange: Sendable {
    public let question: Message
    public let answer: Message
}
