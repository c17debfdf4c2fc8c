import Library
import Logging
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyInference
public import ParleyJobs
public import ParleyTelemetry
public import Retrieval

/// The durable work of making one answer.
public struct AnswerWork: Codable, Sendable {
    let thread: ThreadID
    let message: MessageID
    let project: ProjectID
    var options: AnswerOptions?
    /// The answer to go on with.
    var continues: MessageID?
}

/// An answer in the making, with the account of how it is made.
struct AnswerDraft: Sendable {
    var answer: Message
    var trace = AnswerTrace()
    var shape = QuestionShape.fact
    /// One, or several where the question compares.
    var parts: [AnswerPart] = []
    /// What models were asked on the way to the answer.
    var auxiliary: [AuxiliaryCall] = []
}

/// Makes answers: retrieves, packs the prompt, streams the model's text, finds its citations, and stores all of it. It
/// runs as a job, so it goes on when the client leaves, and is begun again when its process dies.
public struct Answering: Sendable {
    static let job = JobType<AnswerWork>("conversations.answer", maxAttempts: 3, priority: .high)

    /// How answers are made.
    public struct Configuration: Sendable {
        /// Passages retrieved for a question.
        public var passages: Int
        /// Tokens an answer may have.
        public var answerTokens: Int
        /// Tokens a prompt may have; bounded by the model's window as well.
        public var promptTokens: Int
        /// How much less likely the local model is to say a token again; 1 for not at all. Small models need it.
        public var repetitionPenalty: Double
        /// Whether the answer is that the documents do not hold it, where the calibration says so.
        public var abstains: Bool
        /// Answers that are made at once.
        public var running: Int
        /// Questions that may wait beyond those.
        public var waiting: Int

        public init(
            passages: Int, answerTokens: Int, promptTokens: Int, repetitionPenalty: Double, abstains: Bool, running: Int = 256,
            waiting: Int = 512
        ) {
            (self.passages, self.answerTokens, self.promptTokens) = (passages, answerTokens, promptTokens)
            (self.repetitionPenalty, self.abstains) = (repetitionPenalty, abstains)
            (self.running, self.waiting) = (running, waiting)
        }
    }

    let database: Database
    private let hub: AnswerHub
    let search: SearchService
    let reader: (any PassageReader)?
    private let models: ChatModels
    private let events: Events
    let telemetry: Telemetry
    let configuration: Configuration
    private let messages = MessageStore()
    private let log = AnswerEventStore()
    private let settings = ChatSettingsStore()
    let usage: AnswerUsage
    private let limits: AnswerLimits

    public init(
        conversations: ConversationService, search: SearchService, models: ChatModels, events: Events, telemetry: Telemetry
    ) {
        (database, hub, limits) = (conversations.database, conversations.hub, conversations.limits)
        (self.search, reader, self.models, self.events) = (search, conversations.reader, models, events)
        usage = AnswerUsage(models: models, clock: conversations.clock)
        (self.telemetry, configuration) = (telemetry, conversations.limits.configuration)
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        let job = JobType<AnswerWork>(
            Self.job.name, maxAttempts: Self.job.maxAttempts, concurrency: configuration.running, priority: Self.job.priority)
        return JobHandler(job) { work, context in
            try await run(work, context)
        } gaveUp: { work, cause, connection in
            try giveUp(work, cause, in: connection)
        }
    }

    private func run(_ work: AnswerWork, _ context: JobContext) async throws {
        guard let begun = try await begin(work), let asker = context.reference?.user else { return }
        defer { hub.end(work.message) }
        let log = AnswerLog(work.message, attempt: begun.answer.attempt, database: database, hub: hub)
        var draft = AnswerDraft(answer: begun.answer)
        (draft.trace.question, draft.trace.attempt) = (begun.question, begun.answer.attempt)
        do {
            if begun.answer.attempt > 1 { try await log.add(.restarted(attempt: begun.answer.attempt)) }
            let scope = try await context.scope(.threadsUse, on: work.project)
            try await telemetry.span("conversations.answer") { _ in
                try await make(&draft, begun, scope, log)
            }
            try await finish(draft, .complete, .done, log, work, asker)
        } catch is CancellationError where context.isCancelled {
            try await finish(draft, .cancelled, .cancelled, log, work, asker)
        } catch let error as CancellationError where context.refusal == nil {
            throw error
        } catch {
            let known = context.refusal ?? error as? ParleyError
            let failure = AnswerFailure(
                code: (known?.code ?? .answerBroken).name,
                message: known?.message ?? Self.broken)
            draft.answer.outcome.failure = failure
            telemetry.logger.error("answer failed", metadata: ["error": "\(error)"])
            try await finish(draft, .failed, .failed(failure), log, work, asker)
        }
    }

    /// Nobody is left to end the answer but the queue.
    private func giveUp(_ work: AnswerWork, _ cause: GiveUpCause, in connection: Connection) throws {
        guard var answer = try messages.message(work.message, in: work.thread, connection), answer.state == .generating else { return }
        let question = try answer.parent.flatMap { try messages.message($0, in: work.thread, connection)?.content } ?? ""
        let stored = try log.events(of: work.message, after: 0, in: connection)
        try count(answer, question: question, opening: "", stored, try plan(work, in: connection), work, in: connection)
        let failure = AnswerFailure(code: ErrorCode.answerBroken.name, message: cause == .failed ? Self.broken : Self.endedServer)
        (answer.state, answer.outcome.failure) = (.failed, failure)
        try messages.update(answer, in: connection)
        try limits.settle(answer.id, connection)
        let last = NumberedAnswerEvent(number: AnswerLog.base(ofAttempt: answer.attempt + 1) + 1, event: .failed(failure))
        try log.append([last], of: answer.id, in: connection)
        try Self.tell(.failed, answer.id, work, events, in: connection)
    }

    private static func tell(_ state: MessageState, _ id: MessageID, _ work: AnswerWork, _ events: Events, in connection: Connection) throws
    {
        try events.append(
            EventDraft(
                kind: "message.\(state.rawValue)", project: work.project, subject: id.description, actor: nil,
                payload: ["thread": .string(work.thread.description)]),
            in: connection)
    }

    private static let endedServer = "Making this answer ended the server three times, so it was given up. Ask in other words."
    private static let broken = "The answer broke off because of a fault on the server. Ask again."

    struct Begun: Sendable {
        let answer: Message
        /// What is there of the answer from before.
        let opening: String
        let question: String
        let history: [Message]
        let plan: AnswerPlan
    }

    /// Notes the attempt; nil when the answer is not wanted any more.
    private func begin(_ work: AnswerWork) async throws -> Begun? {
        let begun: (Begun, [NumberedAnswerEvent])? = try await database.write { connection in
            guard var answer = try messages.message(work.message, in: work.thread, connection), answer.state == .generating,
                let parent = answer.parent
            else { return nil }
            let stored = try log.events(of: work.message, after: 0, in: connection)
            let plan = try plan(work, in: connection)
            let path = try messages.path(to: parent, in: work.thread, limit: 21, connection)
            let earlier = try work.continues.flatMap { try messages.message($0, in: work.thread, connection) }
            try count(answer, question: path.last?.content ?? "", opening: earlier?.content ?? "", stored, plan, work, in: connection)
            answer.attempt += 1
            answer.content = earlier?.content ?? ""
            answer.outcome = AnswerOutcome()
            try messages.update(answer, in: connection)
            let begun = Begun(
                answer: answer, opening: answer.content, question: path.last?.content ?? "",
                history: path.dropLast().map(\.withoutThinking), plan: plan)
            return (begun, stored)
        }
        if let begun { hub.begin(work.message, events: begun.1) }
        return begun?.0
    }

    private func plan(_ work: AnswerWork, in connection: Connection) throws -> AnswerPlan {
        AnswerPlan(
            work.options ?? AnswerOptions(), try work.options?.settings ?? settings.settings(of: work.project, in: connection),
            configuration, models)
    }

    /// Counts what the attempt before took, if it died.
    private func count(
        _ answer: Message, question: String, opening: String, _ stored: [NumberedAnswerEvent], _ plan: AnswerPlan, _ work: AnswerWork,
        in connection: Connection
    ) throws {
        guard let owner = try ThreadStore().owner(of: work.thread, in: connection),
            let died = DiedAttempt(answer, of: owner, question: question, opening: opening, stored)
        else { return }
        try usage.record(died, plan, in: work.project, connection)
    }

    /// Stores the answer as it now stands with its last events in one transaction, then tells the watchers.
    private func finish(
        _ draft: AnswerDraft, _ state: MessageState, _ last: AnswerEvent, _ log: AnswerLog, _ work: AnswerWork, _ asker: UserID
    ) async throws {
        var (answer, trace) = (draft.answer, draft.trace)
        answer.state = state
        usage.complete(&answer, written: trace.reasoning ?? "")
        (trace.model, trace.usage) = (answer.outcome.model, answer.outcome.usage)
        trace.notes = answer.outcome.degraded.map(\.message)
        count(answer)
        let rest = log.close(with: last)
        try await database.write {
            [answer, trace, messages, events, usage, limits, auxiliary = draft.auxiliary, store = self.log] connection in
            try messages.update(answer, in: connection)
            try AnswerTraceStore().put(trace, of: answer.id, in: connection)
            try usage.record(answer, of: asker, in: work.project, connection)
            for call in auxiliary { try usage.record(call, for: answer.id, of: asker, in: work.project, connection) }
            try limits.settle(answer.id, connection)
            try store.append(rest, of: answer.id, in: connection)
            try Self.tell(state, answer.id, work, events, in: connection)
        }
        log.publishLast(rest)
    }
}
