public import Conversations
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Keeps the runs over question sets. The work is a job of `EvaluationRunner`.
public struct RunService: Sendable {
    let database: Database
    let jobs: JobQueue
    let events: Events
    let clock: any WallClock
    let settings: ChatSettingsService
    let sets: QuestionSetService
    let makers: InstallationMakers
    let runs = RunStore()
    private let questions = QuestionStore()

    public init(
        database: Database, jobs: JobQueue, events: Events, settings: ChatSettingsService, sets: QuestionSetService,
        makers: InstallationMakers, clock: any WallClock
    ) {
        (self.database, self.jobs, self.events, self.settings) = (database, jobs, events, settings)
        (self.sets, self.makers, self.clock) = (sets, makers, clock)
    }

    public func runs(_ query: ListQuery, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> ListSlice<
        EvaluationRun
    > {
        try await database.read { connection in
            _ = try sets.find(set, scope.project, in: connection)
            return try runs.runs(query, of: set, in: connection)
        }
    }

    /// - Throws: `question_set.not_found`, `run.not_found`.
    public func run(_ id: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> EvaluationRun {
        try await database.read { try find(id, of: set, scope.project, in: $0) }
    }

    /// How many questions a run over the set asks.
    /// - Throws: `question_set.not_found`.
    func size(of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> Int {
        try await database.read { connection in
            _ = try sets.find(set, scope.project, in: connection)
            return try questions.count(of: set, in: connection)
        }
    }

    /// Sets a run going with the project's settings as they are, changed as the closure says.
    /// - Throws: `question_set.not_found`, `run.no_questions`, `input.invalid` for an unknown model.
    public func start(
        _ name: String, over set: QuestionSetID, answers: Bool, depth: Int, _ scope: ProjectScope<EvaluationsUse>,
        change: @escaping @Sendable (inout ChatSettings) -> Void
    ) async throws -> EvaluationRun {
        let now = clock.now()
        return try await database.write { connection in
            var target = try settings.numbered(scope.projectRead, in: connection).settings
            change(&target)
            try settings.check(target)
            let plan = RunPlan(answers: answers, depth: depth, settings: target)
            return try start(name, plan, over: set, at: now, scope, in: connection)
        }
    }

    func start(
        _ name: String, _ plan: RunPlan, over set: QuestionSetID, at now: Timestamp, _ scope: ProjectScope<EvaluationsUse>,
        in connection: Connection
    )
        throws -> EvaluationRun
    {
        _ = try sets.find(set, scope.project, in: connection)
        let total = try questions.count(of: set, in: connection)
        guard total > 0 else { throw ParleyError(.runEmpty, "The question set has no questions; add some first.") }
        let id = RunID(at: now)
        let job = try jobs.enqueue(
            EvaluationRunner.job, RunWork(run: id, set: set, project: scope.project), principal: scope.principal.reference,
            subject: id.description, in: connection)
        let run = EvaluationRun(
            id: id, set: set, project: scope.project, job: job, name: name.isEmpty ? now.description : name, plan: plan,
            makers: RunMakers(), state: .queued, total: total, done: 0, outcome: RunOutcome(), creator: scope.principal.user,
            createdAt: now, finishedAt: nil)
        try runs.insert(run, in: connection)
        try tell("run.started", run, by: scope.principal.user, in: connection)
        return run
    }

    /// Stops a run; results that are there stay.
    /// - Throws: `question_set.not_found`, `run.not_found`.
    public func cancel(_ id: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> EvaluationRun {
        let run = try await run(id, of: set, scope)
        guard !run.state.isOver, let job = run.job else { return run }
        try await jobs.cancel(job)
        // A job that had begun ends the run itself.
        if try await jobs.job(job)?.state == .cancelled { try await end(id, .cancelled, of: scope.project, by: scope.principal.user) }
        return try await self.run(id, of: set, scope)
    }

    /// - Throws: `question_set.not_found`, `run.not_found`, `run.active`, `settings.gate_required` for a gate's baseline.
    public func delete(_ id: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws {
        try await database.write { connection in
            let run = try find(id, of: set, scope.project, in: connection)
            guard run.state.isOver else { throw ParleyError(.runActive, "The run is under way; cancel it first.") }
            guard try GateStore().gate(of: scope.project, in: connection).run != id else { throw Gate.isInUse }
            try runs.delete(id, in: connection)
            try tell("run.deleted", run, by: scope.principal.user, in: connection)
        }
    }

    public func results(_ query: ListQuery, of id: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws
        -> ListSlice<
            QuestionResult
        >
    {
        try await database.read { connection in
            _ = try find(id, of: set, scope.project, in: connection)
            return try runs.results(query, of: id, in: connection)
        }
    }

    /// Two runs over a set side by side, question by question.
    /// - Throws: `question_set.not_found`, `run.not_found`, `run.not_complete`, `run.of_another_set`.
    public func compare(_ id: RunID, with other: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws
        -> RunComparison
    {
        let (first, second) = try await database.read { connection in
            _ = try find(id, of: set, scope.project, in: connection)
            guard let known = try runs.run(other, in: scope.project, connection) else { throw Self.unknown }
            guard known.set == set else { throw ParleyError(.runOfAnotherSet, "Both runs must be over the same question set.") }
            return (try complete(other, scope.project, in: connection), try complete(id, scope.project, in: connection))
        }
        return RunComparison(first.run, first.results, second.run, second.results)
    }

    /// A run that is complete, with its results.
    func complete(_ id: RunID, _ project: ProjectID, in connection: Connection) throws -> (run: EvaluationRun, results: [QuestionResult]) {
        guard let run = try runs.run(id, in: project, connection) else { throw Self.unknown }
        guard run.state == .complete else {
            throw ParleyError(.runNotComplete, "The run is \(run.state.rawValue); only complete ones can be compared.")
        }
        return (run, try runs.results(of: id, in: connection))
    }

    /// Ends a run that did not come to its end.
    func end(_ id: RunID, _ state: RunState, because failure: String? = nil, of project: ProjectID, by user: UserID?) async throws {
        let now = clock.now()
        try await database.write { try end(id, state, because: failure, of: project, by: user, at: now, in: $0) }
    }

    func end(
        _ id: RunID, _ state: RunState, because failure: String? = nil, of project: ProjectID, by user: UserID?, at now: Timestamp,
        in connection: Connection
    ) throws {
        guard let run = try runs.run(id, in: project, connection), !run.state.isOver else { return }
        var outcome = RunOutcome()
        outcome.failure = failure
        guard try runs.finish(id, state, outcome, at: now, in: connection) else { return }
        try ProposalStore().abandon(id, at: now, in: connection)
        try tell("run.\(state.rawValue)", run, by: user, in: connection)
    }

    func find(_ id: RunID, of set: QuestionSetID, _ project: ProjectID, in connection: Connection) throws -> EvaluationRun {
        _ = try sets.find(set, project, in: connection)
        guard let run = try runs.run(id, in: project, connection), run.set == set else { throw Self.unknown }
        return run
    }

    static var unknown: ParleyError { ParleyError(.runNotFound, "The question set has no run with this id.") }

    func tell(_ kind: String, _ run: EvaluationRun, by user: UserID?, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: run.project, subject: run.id.description, actor: user, payload: ["set": .string(run.set.description)]),
            in: connection)
    }
}
