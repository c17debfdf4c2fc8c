import Library
import Logging
public import ParleyAuthority
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
}

/// Makes answers: retrieves, packs the prompt, streams the model's text, finds its citations, and stores all of it. It
/// runs as a job, so it goes on when the client leaves, and is begun again when its process dies.
public struct Answering: Sendable {
    static let job = JobType<AnswerWork>("conversations.answer", maxAttempts: 3, concurrency: 64, priority: .high)

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

        public init(passages: Int, answerTokens: Int, promptTokens: Int, repetitionPenalty: Double) {
            (self.passages, self.answerTokens, self.promptTokens) = (passages, answerTokens, promptTokens)
            self.repetitionPenalty = repetitionPenalty
        }
    }

    private let database: Database
    private let hub: AnswerHub
    private let search: SearchService
    private let models: ChatModels
    private let authorizer: Authorizer
    private let events: Events
    private let telemetry: Telemetry
    private let configuration: Configuration
    private let messages = MessageStore()
    private let log = AnswerEventStore()
    private let settings = ChatSettingsStore()
    private let usage: AnswerUsage

    public init(
        conversations: ConversationService, search: SearchService, models: ChatModels, authorizer: Authorizer, events: Events,
        telemetry: Telemetry, configuration: Configuration
    ) {
        (database, hub) = (conversations.database, conversations.hub)
        (self.search, self.models, self.authorizer, self.events) = (search, models, authorizer, events)
        usage = AnswerUsage(models: models, clock: conversations.clock)
        (self.telemetry, self.configuration) = (telemetry, configuration)
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        JobHandler(Self.job) { work, context in
            try await run(work, context)
        } gaveUp: { work, connection in
            try giveUp(work, in: connection)
        }
    }

    private func run(_ work: AnswerWork, _ context: JobContext) async throws {
        guard let begun = try await begin(work), let principal = context.principal else { return }
        defer { hub.end(work.message) }
        let log = AnswerLog(work.message, attempt: begun.answer.attempt, database: database, hub: hub)
        var answer = begun.answer
        do {
            if answer.attempt > 1 { try await log.add(.restarted(attempt: answer.attempt)) }
            let scope = try await authorizer.scope(principal, .threadsUse, on: work.project)
            try await telemetry.span("conversations.answer") { _ in
                try await make(&answer, begun, scope, log)
            }
            try await finish(answer, .complete, .done, log, work, principal)
        } catch is CancellationError where context.isCancelled {
            try await finish(answer, .cancelled, .cancelled, log, work, principal)
        } catch let error as CancellationError {
            throw error
        } catch {
            let known = error as? ParleyError
            let failure = AnswerFailure(
                code: (known?.code ?? .answerBroken).name,
                message: known?.message ?? Self.broken)
            answer.outcome.failure = failure
            telemetry.logger.error("answer failed", metadata: ["error": "\(error)"])
            try await finish(answer, .failed, .failed(failure), log, work, principal)
        }
    }

    /// The process died in every attempt: nobody is left to end the answer but the queue.
    private func giveUp(_ work: AnswerWork, in connection: Connection) throws {
        guard var answer = try messages.message(work.message, in: work.thread, connection), answer.state == .generating else { return }
        let failure = AnswerFailure(code: ErrorCode.answerBroken.name, message: Self.broken)
        (answer.state, answer.outcome.failure) = (.failed, failure)
        try messages.update(answer, in: connection)
        let last = NumberedAnswerEvent(number: AnswerLog.base(ofAttempt: answer.attempt + 1) + 1, event: .failed(failure))
        try log.append([last], of: answer.id, in: connection)
    }

    private static let broken = "The answer broke off because of a fault on the server. Ask again."

    private struct Begun: Sendable {
        let answer: Message
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
            answer.attempt += 1
            answer.content = ""
            answer.outcome = AnswerOutcome()
            try messages.update(answer, in: connection)
            let path = try messages.path(to: parent, in: work.thread, limit: 21, connection)
            let stored = try log.events(of: work.message, after: 0, in: connection)
            let plan = AnswerPlan(
                work.options ?? AnswerOptions(), try settings.settings(of: work.project, in: connection), configuration, models)
            let begun = Begun(
                answer: answer, question: path.last?.content ?? "", history: path.dropLast(), plan: plan)
            return (begun, stored)
        }
        if let begun { hub.begin(work.message, events: begun.1) }
        return begun?.0
    }

    /// Retrieval, then the models one after the other until one answers, or the passages themselves when there is none.
    private func make(_ answer: inout Message, _ begun: Begun, _ scope: ProjectScope, _ log: AnswerLog) async throws {
        let found = try await search.search(SearchRequest(query: begun.question, limit: begun.plan.passages), scope)
        answer.outcome.passages = found.hits
        answer.outcome.degraded = found.degraded
        guard !found.hits.isEmpty else {
            try await log.add(.retrieval([], found.degraded))
            return try await say("The documents in this project hold nothing on this question.", &answer, log)
        }
        guard !begun.plan.models.isEmpty else { return try await quote(&answer, reason: "No language model is configured", log) }
        try await log.add(.retrieval(found.hits, found.degraded))
        for model in begun.plan.models {
            do {
                return try await ask(model, begun, &answer, log)
            } catch let error as ParleyError where error.code.isFault && answer.content.isEmpty {
                telemetry.logger.warning("a language model failed", metadata: ["model": "\(model.name)", "error": "\(error)"])
                answer.outcome.degraded.append(
                    Degradation(component: "model", message: "The language model \(model.name) could not be asked."))
            }
        }
        answer.outcome.degraded = found.degraded
        (answer.outcome.model, answer.outcome.usage) = (nil, nil)
        try await quote(&answer, reason: "The language model cannot be reached", log)
    }

    private func ask(_ entry: ChatModels.Entry, _ begun: Begun, _ answer: inout Message, _ log: AnswerLog) async throws {
        let (model, plan) = (entry.model, begun.plan)
        let builder = PromptBuilder(
            budget: plan.budget(for: entry), style: plan.style(for: entry), counter: model.tokenCounter, wishes: plan.instructions)
        let prompt = builder.prompt(question: begun.question, passages: answer.outcome.passages, history: begun.history)
        let passages = Array(answer.outcome.passages.prefix(prompt.passages))
        let pages = try await database.read { try PageFinder(Set(passages.map(\.revision)), in: $0) }
        var citations = CitationFinder(passages: passages, pages: pages)
        var repetition = RepetitionGuard()
        answer.outcome.model = entry.name
        answer.outcome.usage = TokenUsage(
            promptTokens: model.tokenCounter.tokenCount(of: prompt.messages), completionTokens: 0, isEstimate: true)
        generation: for try await chunk in model.stream(plan.request(prompt.messages, to: entry)) {
            switch chunk {
            case .text(let text):
                answer.content += text
                try await log.add(.text(text))
                try await cite(citations.add(text), &answer, log)
                if repetition.repeats(text) { break generation }
            case .finished(let finish, let usage):
                answer.outcome.finish = finish
                if let usage {
                    answer.outcome.usage = TokenUsage(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens)
                }
            }
        }
        usage.complete(&answer)
        try Task.checkCancellation()
        try await cite(citations.finish(), &answer, log)
        if let usage = answer.outcome.usage { try await log.add(.usage(usage)) }
        if answer.outcome.citations.isEmpty {
            answer.outcome.degraded.append(
                Degradation(
                    component: "citations", message: "No sentence of this answer was found in the documents: check it against the passages."
                ))
        }
    }

    private func quote(_ answer: inout Message, reason: String, _ log: AnswerLog) async throws {
        answer.outcome.degraded.append(Degradation(component: "model", message: "\(reason): these are the best passages, quoted."))
        try await log.add(.retrieval(answer.outcome.passages, answer.outcome.degraded))
        for piece in QuotedAnswer.pieces(answer.outcome.passages) {
            try await say(piece.text, &answer, log)
            try await cite([piece.citation], &answer, log)
        }
    }

    private func say(_ text: String, _ answer: inout Message, _ log: AnswerLog) async throws {
        answer.content += text
        try await log.add(.text(text))
    }

    private func cite(_ citations: [Citation], _ answer: inout Message, _ log: AnswerLog) async throws {
        for citation in citations {
            answer.outcome.citations.append(citation)
            try await log.add(.citation(citation))
        }
    }

    /// Stores the answer as it now stands with its last events in one transaction, then tells the watchers.
    private func finish(
        _ answer: Message, _ state: MessageState, _ last: AnswerEvent, _ log: AnswerLog, _ work: AnswerWork, _ principal: Principal
    ) async throws {
        var answer = answer
        answer.state = state
        usage.complete(&answer)
        let rest = log.close(with: last)
        try await database.write { [answer, messages, events, usage, store = self.log] connection in
            try messages.update(answer, in: connection)
            try usage.record(answer, of: principal.user, in: work.project, connection)
            try store.append(rest, of: answer.id, in: connection)
            try events.append(
                EventDraft(
                    kind: "message.\(state.rawValue)", project: work.project, subject: answer.id.description, actor: nil,
                    payload: ["thread": .string(work.thread.description)]),
                in: connection)
        }
        log.publishLast(rest)
    }
}
