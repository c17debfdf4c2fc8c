public import Conversations
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Keeps a project's question sets.
public struct QuestionSetService: Sendable {
    /// Questions that one set may hold.
    static let limit = 10_000
    static let feedbackName = "Feedback"

    let database: Database
    private let conversations: ConversationService
    private let events: Events
    let clock: any WallClock
    let sets = QuestionSetStore()
    let questions = QuestionStore()

    public init(database: Database, conversations: ConversationService, events: Events, clock: any WallClock) {
        (self.database, self.conversations, self.events, self.clock) = (database, conversations, events, clock)
    }

    public func sets(_ query: ListQuery, _ scope: ProjectScope<EvaluationsUse>) async throws -> ListSlice<QuestionSet> {
        try await database.read { try sets.sets(query, of: scope.project, in: $0) }
    }

    /// - Throws: `question_set.not_found`.
    public func set(_ id: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> QuestionSet {
        try await database.read { try find(id, scope.project, in: $0) }
    }

    /// - Throws: `question_set.name_taken`.
    public func add(name: String, description: String, _ scope: ProjectScope<EvaluationsUse>) async throws -> QuestionSet {
        let now = clock.now()
        return try await database.write { connection in
            guard try sets.set(named: name, in: scope.project, connection) == nil else { throw Self.taken }
            let set = QuestionSet(
                id: QuestionSetID(at: now), project: scope.project, name: name, description: description, takesFeedback: false,
                questions: 0, createdAt: now, updatedAt: now)
            try sets.insert(set, in: connection)
            try tell("question_set.added", set.id, scope, in: connection)
            return set
        }
    }

    /// - Throws: `question_set.not_found`, `question_set.name_taken`.
    public func change(_ id: QuestionSetID, name: String?, description: String?, _ scope: ProjectScope<EvaluationsUse>) async throws
        -> QuestionSet
    {
        let now = clock.now()
        return try await database.write { connection in
            let set = try find(id, scope.project, in: connection)
            if let name, name != set.name, try sets.set(named: name, in: scope.project, connection) != nil { throw Self.taken }
            try sets.update(id, name: name ?? set.name, description: description ?? set.description, at: now, in: connection)
            try tell("question_set.changed", id, scope, in: connection)
            return try find(id, scope.project, in: connection)
        }
    }

    /// Deletes a set with its questions, its runs and the gate that rests on it.
    /// - Throws: `question_set.not_found`, `settings.gate_required` when the settings are guarded with it.
    public func delete(_ id: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws {
        try await database.write { connection in
            _ = try find(id, scope.project, in: connection)
            guard try GateStore().gate(of: scope.project, in: connection).set != id else { throw Gate.isInUse }
            try sets.delete(id, in: connection)
            try tell("question_set.deleted", id, scope, in: connection)
        }
    }

    public func questions(_ query: ListQuery, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> ListSlice<
        SetQuestion
    > {
        try await database.read { connection in
            _ = try find(set, scope.project, in: connection)
            return try questions.questions(query, of: set, in: connection)
        }
    }

    /// - Throws: `question_set.not_found`, `question.not_found`.
    public func question(_ id: SetQuestionID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> SetQuestion {
        try await database.read { try question(id, of: set, scope, in: $0) }
    }

    /// - Throws: `question_set.not_found`, `question_set.full`, `input.invalid` for a key that is taken.
    public func add(_ draft: QuestionDraft, to set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> SetQuestion {
        let now = clock.now()
        return try await database.write { connection in
            let question = try insert(
                draft, source: .api, message: nil, into: try find(set, scope.project, in: connection), at: now, connection)
            try sets.touch(set, at: now, in: connection)
            try tell("question_set.changed", set, scope, in: connection)
            return question
        }
    }

    /// - Throws: `question_set.not_found`, `question.not_found`, `input.invalid` for a key that is taken.
    public func change(
        _ id: SetQuestionID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>,
        _ body: @escaping @Sendable (inout SetQuestion) -> Void
    ) async throws -> SetQuestion {
        let now = clock.now()
        return try await database.write { connection in
            var question = try question(id, of: set, scope, in: connection)
            let key = question.key
            body(&question)
            if question.key != key { try requireFree(question.key, in: set, connection) }
            question.updatedAt = now
            try questions.update(question, QuestionTexts(question), in: connection)
            try sets.touch(set, at: now, in: connection)
            try tell("question_set.changed", set, scope, in: connection)
            return question
        }
    }

    /// - Throws: `question_set.not_found`, `question.not_found`.
    public func delete(_ id: SetQuestionID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws {
        let now = clock.now()
        try await database.write { connection in
            _ = try question(id, of: set, scope, in: connection)
            try questions.delete(id, in: connection)
            try sets.touch(set, at: now, in: connection)
            try tell("question_set.changed", set, scope, in: connection)
        }
    }

    /// Saves the question that an answer of the caller's was given to.
    /// - Parameter set: the project's feedback set when nil.
    /// - Throws: `thread.not_found`, `message.not_found`, `question_set.not_found`, `question_set.full`.
    public func save(
        _ message: MessageID, of thread: ThreadID, to set: QuestionSetID?, expectsCited: Bool, answerable: Bool?, tags: [String],
        _ scope: ProjectScope<EvaluationsUse>
    ) async throws -> SetQuestion {
        let (question, answer) = try await conversations.turn(message, of: thread, scope.threadsUse)
        let now = clock.now()
        var draft = QuestionDraft(question: question, isAnswerable: answerable, tags: tags)
        if let answer, expectsCited {
            draft.expected = answer.outcome.citations.map { ExpectedPlace(document: $0.documentName, quote: $0.quote, page: $0.page) }
        }
        return try await database.write { [draft] connection in
            let target = try set.map { try find($0, scope.project, in: connection) } ?? feedbackSet(of: scope, at: now, in: connection)
            let question = try insert(draft, source: .thread, message: answer?.id, into: target, at: now, connection)
            try sets.touch(target.id, at: now, in: connection)
            try tell("question_set.changed", target.id, scope, in: connection)
            return question
        }
    }

    /// The set that feedback lands in, made when there is none.
    func feedbackSet(of scope: ProjectScope<some ProjectPermission>, at now: Timestamp, in connection: Connection) throws -> QuestionSet {
        if let known = try sets.feedback(of: scope.project, in: connection) { return known }
        var name = Self.feedbackName
        var number = 2
        while try sets.set(named: name, in: scope.project, connection) != nil {
            (name, number) = ("\(Self.feedbackName) \(number)", number + 1)
        }
        let set = QuestionSet(
            id: QuestionSetID(at: now), project: scope.project, name: name, description: "Questions whose answers people found wanting.",
            takesFeedback: true, questions: 0, createdAt: now, updatedAt: now)
        try sets.insert(set, in: connection)
        try tell("question_set.added", set.id, scope, in: connection)
        return set
    }

    func insert(
        _ draft: QuestionDraft, source: QuestionSource, message: MessageID?, into set: QuestionSet, at now: Timestamp,
        _ connection: Connection
    ) throws -> SetQuestion {
        guard try questions.count(of: set.id, in: connection) < Self.limit else { throw Self.full }
        try requireFree(draft.key, in: set.id, connection)
        let question = SetQuestion(draft, SetQuestionID(at: now), of: set.id, source, message, at: now)
        try questions.insert(question, QuestionTexts(question), in: connection)
        return question
    }

    private func requireFree(_ key: String?, in set: QuestionSetID, _ connection: Connection) throws {
        guard let key, try questions.question(key: key, in: set, connection) != nil else { return }
        throw ParleyError(.invalidInput, "The set has a question with this key.", fields: [FieldError("/key", "is taken")])
    }

    func find(_ id: QuestionSetID, _ project: ProjectID, in connection: Connection) throws -> QuestionSet {
        guard let set = try sets.set(id, in: project, connection) else {
            throw ParleyError(.questionSetNotFound, "The project has no question set with this id.")
        }
        return set
    }

    private func question(_ id: SetQuestionID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>, in connection: Connection)
        throws
        -> SetQuestion
    {
        _ = try find(set, scope.project, in: connection)
        guard let question = try questions.question(id, in: set, connection) else {
            throw ParleyError(.questionNotFound, "The set has no question with this id.")
        }
        return question
    }

    static var full: ParleyError { ParleyError(.questionSetFull, "A set holds at most \(limit) questions; begin another one.") }

    private static var taken: ParleyError { ParleyError(.questionSetTaken, "The project has a question set of this name; choose another.") }

    func tell(_ kind: String, _ id: QuestionSetID, _ scope: ProjectScope<some ProjectPermission>, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: scope.project, subject: id.description, actor: scope.principal.user, payload: .object([:])),
            in: connection)
    }
}
