public import Conversations
public import Library
public import ParleyAuthority
public import ParleyCore
import ParleyDatabase
public import ParleyJobs
public import ParleyTelemetry

/// Keeps what people say of answers. A thread is its owner's alone, so nobody else can say anything of its answers; what is said is seen by
/// those who may see the project's question sets.
public struct FeedbackService: Sendable {
    let database: Database
    private let conversations: ConversationService
    private let documents: DocumentService
    private let sets: QuestionSetService
    private let events: Events
    private let clock: any WallClock
    private let telemetry: Telemetry
    private let store = FeedbackStore()
    private let questions = QuestionStore()

    public init(
        conversations: ConversationService, documents: DocumentService, sets: QuestionSetService, events: Events, clock: any WallClock,
        telemetry: Telemetry
    ) {
        (database, self.conversations, self.documents) = (sets.database, conversations, documents)
        (self.sets, self.events, self.clock, self.telemetry) = (sets, events, clock, telemetry)
    }

    public func all(_ query: ListQuery, _ scope: ProjectScope<EvaluationsUse>) async throws -> ListSlice<Feedback> {
        try await database.read { try store.all(query, of: scope.project, in: $0) }
    }

    /// What the caller said in a thread of theirs.
    /// - Throws: `thread.not_found`.
    public func own(_ query: ListQuery, in thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> ListSlice<Feedback> {
        _ = try await conversations.thread(thread, scope)
        return try await database.read { try store.all(query, in: thread, by: scope.principal.user, $0) }
    }

    /// - Throws: `feedback.not_found`.
    public func feedback(_ id: FeedbackID, _ scope: ProjectScope<EvaluationsUse>) async throws -> Feedback {
        guard let found = try await database.read({ try store.feedback(id, of: scope.project, in: $0) }) else { throw Self.unknown }
        return found
    }

    /// The caller's own.
    /// - Throws: `thread.not_found`, `message.not_found`, `feedback.not_found`.
    public func feedback(on message: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> Feedback {
        _ = try await conversations.message(message, of: thread, scope)
        let found = try await database.read { try store.feedback(on: message, by: scope.principal.user, in: $0) }
        guard let found else { throw Self.unknown }
        return found
    }

    /// What is said of an answer; nil members say nothing.
    struct Draft: Sendable {
        let rating: FeedbackRating
        let reason: FeedbackReason?
        let comment: String
        let passage: PassageDraft?
    }

    /// A place in a document, by its words or by its span.
    struct PassageDraft: Sendable {
        let document: DocumentID
        let quote: String?
        let from: Int?
        let to: Int?
    }

    /// Says it, in place of what the caller said before.
    /// - Throws: `thread.not_found`, `message.not_found`, `document.not_found`, `input.invalid` for words that the document does not hold, and for
    ///   feedback on a question.
    func put(_ draft: Draft, on message: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> Feedback {
        let (question, answer) = try await conversations.turn(message, of: thread, scope)
        guard answer != nil else {
            throw ParleyError(.invalidInput, "Feedback is about answers, and this message is a question.")
        }
        var passage: CorrectedPassage?
        if let named = draft.passage { passage = try await corrected(named, scope) }
        let now = clock.now()
        let feedback = try await database.write { [passage] connection in
            var feedback =
                try store.feedback(on: message, by: scope.principal.user, in: connection)
                ?? Feedback(
                    id: FeedbackID(at: now), project: scope.project, thread: thread, message: message, user: scope.principal.user,
                    rating: draft.rating, comment: "", createdAt: now, updatedAt: now)
            (feedback.rating, feedback.reason, feedback.comment) = (draft.rating, draft.reason, draft.comment)
            (feedback.passage, feedback.updatedAt) = (passage, now)
            try land(&feedback, question, at: now, scope, in: connection)
            try store.put(feedback, in: connection)
            try tell("feedback.given", feedback, in: connection)
            return feedback
        }
        telemetry.count(.feedback, ["rating": feedback.rating.rawValue])
        return feedback
    }

    /// Takes it back; the question that it became goes with it.
    /// - Throws: `thread.not_found`, `message.not_found`, `feedback.not_found`.
    public func delete(on message: MessageID, of thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws {
        let feedback = try await feedback(on: message, of: thread, scope)
        try await database.write { connection in
            if let question = feedback.question { try questions.delete(question, in: connection) }
            try store.delete(feedback.id, in: connection)
            try tell("feedback.withdrawn", feedback, in: connection)
        }
    }

    /// Makes, changes or removes the question of the feedback set.
    private func land(
        _ feedback: inout Feedback, _ question: String, at now: Timestamp, _ scope: ProjectScope<ThreadsUse>, in connection: Connection
    ) throws {
        guard feedback.lands else {
            if let known = feedback.question { try questions.delete(known, in: connection) }
            feedback.question = nil
            return
        }
        let expected = feedback.passage.map { [ExpectedPlace(document: $0.name, quote: $0.quote, page: $0.page)] } ?? []
        let set = try sets.feedbackSet(of: scope, at: now, in: connection)
        let tags = [feedback.reason?.rawValue].compactMap { $0 }
        if let known = feedback.question, var landed = try questions.question(known, in: set.id, connection) {
            (landed.expected, landed.isAnswerable, landed.tags, landed.updatedAt) = (expected, feedback.isAnswerable, tags, now)
            try questions.update(landed, QuestionTexts(landed), in: connection)
        } else {
            let draft = QuestionDraft(question: question, isAnswerable: feedback.isAnswerable, expected: expected, tags: tags)
            feedback.question = try sets.insert(draft, source: .feedback, message: feedback.message, into: set, at: now, connection).id
        }
    }

    /// The place in the document's current text.
    private func corrected(_ draft: PassageDraft, _ scope: ProjectScope<ThreadsUse>) async throws -> CorrectedPassage {
        let whole = try await documents.text(draft.document, revision: nil, from: 0, to: nil, limit: Int(Int32.max), scope.documentsRead)
        let range: Range<Int>
        if let quote = draft.quote {
            guard let known = try await onWorkerThread({ KnownWords.find(quote, in: whole.text) }) else {
                throw ParleyError(
                    .invalidInput, "The document does not hold these words.",
                    fields: [FieldError("/passage/quote", "must be words of the document")])
            }
            range = known
        } else {
            guard let from = draft.from, let to = draft.to, from < to, to <= whole.length else {
                throw ParleyError(
                    .invalidInput, "The passage needs a quote, or a span within the document's text.",
                    fields: [FieldError("/passage", "must have a quote, or from and to within the text")])
            }
            range = from..<to
        }
        var quote = String.UnicodeScalarView()
        quote.append(contentsOf: whole.text.unicodeScalars.prefix(max(0, range.upperBound)).dropFirst(max(0, range.lowerBound)))
        let pages = try await database.read { try PageFinder([whole.revision], in: $0) }
        return CorrectedPassage(
            document: draft.document, name: whole.name, quote: String(quote), page: pages.page(of: whole.revision, at: range.lowerBound),
            from: range.lowerBound, to: range.upperBound)
    }

    private static var unknown: ParleyError { ParleyError(.feedbackNotFound, "Nothing was said of this answer.") }

    private func tell(_ kind: String, _ feedback: Feedback, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: feedback.project, subject: feedback.id.description, actor: feedback.user,
                payload: ["rating": .string(feedback.rating.rawValue)]),
            in: connection)
    }
}

extension Metric {
    static let feedback = Metric.counter("parley_feedback_total", "What people said of answers.", labels: ["rating"])
}
