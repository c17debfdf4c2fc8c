public import Conversations
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyJobs
public import ParleyTelemetry
public import Retrieval

/// What the job's handler needs to know; the rest stands in the rows.
public struct RunWork: Codable, Sendable {
    let run: RunID
    let set: QuestionSetID
    let project: ProjectID
}

/// Carries runs out, question by question; each result is stored as it comes, so that a run that is begun again goes on where it was.
public struct EvaluationRunner: Sendable {
    static let job = JobType<RunWork>("evaluation.run", maxAttempts: 5, concurrency: 2, priority: .low)

    private let service: RunService
    private let gates: GateService
    private let search: SearchService
    private let conversations: ConversationService
    private let telemetry: Telemetry
    private let questions = QuestionStore()

    public init(
        service: RunService, gates: GateService, search: SearchService, conversations: ConversationService,
        telemetry: Telemetry
    ) {
        (self.service, self.gates, self.search, self.conversations) = (service, gates, search, conversations)
        self.telemetry = telemetry
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        JobHandler(Self.job) { work, context in
            try await carryOut(work, context)
        } gaveUp: { [service] work, cause, connection in
            let reason =
                cause == .failed
                ? "The run broke off because of a fault on the server." : "The run ended the server three times, so it was given up."
            try service.end(
                work.run, .failed, because: reason, of: work.project, by: nil, at: service.clock.now(), in: connection)
        }
    }

    private func carryOut(_ work: RunWork, _ context: JobContext) async throws {
        guard let runner = context.reference?.user else { return }
        do {
            let scope = try await context.scope(.evaluationsUse, on: work.project)
            guard let begun = try await begin(work) else { return }
            try await telemetry.span("evaluation.run", ["questions": .int(begun.waiting.count)]) { _ in
                for (position, question) in begun.waiting {
                    try context.checkCancelled()
                    let result = try await measure(question, at: position, begun.run.plan, scope)
                    try await service.database.write { try service.runs.put(result, of: work.run, in: $0) }
                    await context.report(
                        progress: Double(position + 1) / Double(max(begun.run.total, 1)), "\(position + 1) of \(begun.run.total)")
                }
            }
            try await finish(work, runner, managing(work.project, context))
        } catch is CancellationError where context.isCancelled {
            try await service.end(work.run, .cancelled, of: work.project, by: runner)
        } catch is CancellationError where context.refusal != nil {
            try await service.end(work.run, .failed, because: context.refusal?.message, of: work.project, by: runner)
        } catch let error as ParleyError where !error.code.isFault {
            // Another attempt would meet the same: no right any more, no tokens left, no such model.
            try await service.end(work.run, .failed, because: error.message, of: work.project, by: runner)
        }
    }

    private struct Begun: Sendable {
        let run: EvaluationRun
        let waiting: [(position: Int, question: SetQuestion)]
    }

    /// The run with the questions that have no result yet; nil when it is over. One that other models had begun begins anew, so that
    /// all its figures are of the same.
    private func begin(_ work: RunWork) async throws -> Begun? {
        guard let plan = try await service.database.read({ try service.runs.run(work.run, in: work.project, $0)?.plan }) else { return nil }
        let makers = try await service.makers.used(by: plan)
        return try await service.database.write { connection in
            guard let run = try service.runs.run(work.run, in: work.project, connection), !run.state.isOver else { return nil }
            if run.makers != makers {
                try service.runs.removeResults(of: work.run, in: connection)
                try service.runs.begin(work.run, by: makers, in: connection)
            }
            let done = Set(try service.runs.results(of: work.run, in: connection).map(\.question))
            let all = try questions.questions(of: work.set, in: connection).prefix(max(0, run.total))
            return Begun(run: run, waiting: all.enumerated().filter { !done.contains($0.element.id) }.map { ($0.offset, $0.element) })
        }
    }

    private func measure(_ question: SetQuestion, at position: Int, _ plan: RunPlan, _ scope: ProjectScope<EvaluationsUse>) async throws
        -> QuestionResult
    {
        let scorer = QuestionScorer(question.expectation)
        var result = QuestionResult(position: position, question: question.id, text: question.question)
        let request = SearchRequest(query: question.question, limit: plan.depth * 2, mode: plan.settings.searchMode ?? .hybrid)
        let found = try await search.search(request, scope.search)
        result.documents = Array(QuestionScorer.documents(found.hits).prefix(max(0, plan.depth)))
        result.scores = scorer.ranking(result.documents, depth: plan.depth).merging(scorer.passages(found.hits))
        result.stages = (found.trace?.stages ?? []).map { ResultStage(name: $0.name, milliseconds: $0.milliseconds) }
        result.stages.append(ResultStage(name: "search", milliseconds: found.duration.seconds * 1000))
        var took = found.duration.seconds * 1000
        if plan.answers {
            took = try await answer(question, scorer, plan, &result, scope)
        } else {
            let stance = found.answerability?.stance ?? .answered
            result.isRefusal = stance == .refused
            result.scores = result.scores.merging(scorer.abstention(stance))
        }
        result.scores[.milliseconds] = Ratio(took)
        return result
    }

    /// - Returns: how long the answer took, in milliseconds.
    private func answer(
        _ question: SetQuestion, _ scorer: QuestionScorer, _ plan: RunPlan, _ result: inout QuestionResult,
        _ scope: ProjectScope<EvaluationsUse>
    ) async throws -> Double {
        let start = ContinuousClock.now
        let trial = try await conversations.trial(question.question, settings: plan.settings, scope.threadsUse)
        let took = (ContinuousClock.now - start).seconds * 1000
        if let failure = trial.message.outcome.failure { throw ParleyError(.runAnswerFailed, failure.message) }
        let cited = CitedPlace.all(of: trial.message)
        let stance = trial.message.outcome.stance
        result.answer = trial.message.content
        result.isRefusal = stance == .refused
        result.citations = zip(trial.message.outcome.citations, cited).map { citation, place in
            ResultCitation(document: citation.documentName, page: citation.page, quote: citation.quote, isRight: scorer.isRight(place))
        }
        result.scores = result.scores.merging(scorer.answer(cited, stance))
        result.stages += trial.stages.filter { $0.name != "search" }.map { ResultStage(name: $0.name, milliseconds: $0.milliseconds) }
        result.stages.append(ResultStage(name: "answer", milliseconds: took))
        return took
    }

    /// The right to change the project's settings, when whoever began the run has it now.
    private func managing(_ project: ProjectID, _ context: JobContext) async throws -> ProjectScope<ProjectManage>? {
        do { return try await context.scope(.projectManage, on: project) } catch let error as ParleyError where !error.code.isFault {
            return nil
        }
    }

    /// The figures, and what a proposal that waited for them comes to, in one transaction.
    private func finish(_ work: RunWork, _ runner: UserID, _ manager: ProjectScope<ProjectManage>?) async throws {
        let now = service.clock.now()
        try await service.database.write { connection in
            guard let run = try service.runs.run(work.run, in: work.project, connection) else { return }
            let results = try service.runs.results(of: work.run, in: connection)
            var outcome = RunOutcome()
            (outcome.figures, outcome.latencies) = (Scores.total(results.map(\.scores)), Latency.all(of: results))
            guard try service.runs.finish(work.run, .complete, outcome, at: now, in: connection) else { return }
            try service.tell("run.complete", run, by: runner, in: connection)
            try gates.decide(work.run, of: work.project, at: now, manager, in: connection)
        }
        telemetry.count(
            .evaluatedQuestions, by: Double(try await service.database.read { try service.runs.results(of: work.run, in: $0).count }))
    }
}

extension ErrorCode {
    static let runAnswerFailed = Self("run.answer_failed", .conflict, "An answer of the run broke off")
}

extension Metric {
    static let evaluatedQuestions = Metric.counter(
        "parley_evaluated_questions_total", "Questions of evaluation runs that came to their end.")
}
