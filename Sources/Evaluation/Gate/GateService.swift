public import Conversations
public import ParleyAuthority
public import ParleyCore
import ParleyDatabase
public import ParleyJobs

/// Keeps the gate of a project's settings, and the proposals that must pass it.
public struct GateService: Sendable {
    let database: Database
    private let runs: RunService
    private let settings: ChatSettingsService
    private let events: Events
    private let clock: any WallClock
    private let gates = GateStore()
    private let proposals = ProposalStore()

    public init(runs: RunService, settings: ChatSettingsService, events: Events, clock: any WallClock) {
        (database, self.runs, self.settings, self.events, self.clock) = (runs.database, runs, settings, events, clock)
    }

    /// What keeps settings of a project with a gate from being changed past it. The daily limit of tokens and the marks
    /// in other programs' answers change nothing that is measured, and are free.
    public static var guardian: ChatSettingsService.Gate {
        ChatSettingsService.Gate(refusals: [.gateRequired]) { project, before, after, connection in
            var comparable = after
            (comparable.dailyTokens, comparable.markUnsupported) = (before.dailyTokens, before.markUnsupported)
            guard comparable != before, try GateStore().gate(of: project, in: connection).isOn else { return }
            throw ParleyError(
                .gateRequired, "A gate guards this project's settings: propose the change with POST …/settings/proposals.")
        }
    }

    public func gate(_ scope: ProjectScope<ProjectRead>) async throws -> Gate {
        try await database.read { try gates.gate(of: scope.project, in: $0) }
    }

    /// - Throws: `question_set.not_found`, `run.not_found`, `run.not_complete`, `run.of_another_set`.
    public func set(_ gate: Gate, _ scope: ProjectScope<ProjectManage>) async throws -> Gate {
        let now = clock.now()
        return try await database.write { connection in
            if let set = gate.set, let run = gate.run {
                _ = try runs.sets.find(set, scope.project, in: connection)
                let (known, _) = try runs.complete(run, scope.project, in: connection)
                guard known.set == set else {
                    throw ParleyError(.runOfAnotherSet, "The baseline must be a run over the gate's question set.")
                }
            }
            try gates.put(gate, of: scope.project, at: now, in: connection)
            try tell("project.gate_changed", scope.project.description, scope.project, by: scope.principal.user, in: connection)
            return gate
        }
    }

    /// Whether the gate's baseline was measured with what makes answers now.
    public func baseline(_ scope: ProjectScope<ProjectRead>) async throws -> GateBaseline {
        let known = try await database.read { connection -> EvaluationRun? in
            try gates.gate(of: scope.project, in: connection).run.flatMap { try runs.runs.run($0, in: scope.project, connection) }
        }
        guard let known else { return GateBaseline(run: nil, changedParts: []) }
        return GateBaseline(run: known.id, changedParts: known.makers.changes(to: try await runs.makers.all()))
    }

    /// Whether a run passes the project's gate.
    /// - Throws: `question_set.not_found`, `run.not_found`, `settings.gate_off`, `run.not_complete`, `run.of_another_set`.
    public func check(_ run: RunID, of set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> GateVerdict {
        try await database.read { connection in
            _ = try runs.find(run, of: set, scope.project, in: connection)
            return try verdict(run, of: scope.project, in: connection)
        }
    }

    private func verdict(_ id: RunID, of project: ProjectID, in connection: Connection) throws -> GateVerdict {
        let gate = try gates.gate(of: project, in: connection)
        guard let set = gate.set, let baseline = gate.run else { throw Self.off }
        let (known, run) = (
            try runs.complete(baseline, project, in: connection), try runs.complete(id, project, in: connection)
        )
        guard run.run.set == set else { throw ParleyError(.runOfAnotherSet, "The gate is about another question set.") }
        return GateVerdict(run.run, run.results, against: known.run, known.results, gate.rules)
    }

    public func proposals(_ query: ListQuery, _ scope: ProjectScope<ProjectManage>) async throws -> ListSlice<SettingsProposal> {
        try await database.read { try proposals.proposals(query, of: scope.project, in: $0) }
    }

    /// - Throws: `settings.proposal_not_found`.
    public func proposal(_ id: ProposalID, _ scope: ProjectScope<ProjectManage>) async throws -> SettingsProposal {
        try await database.read { try find(id, scope, in: $0) }
    }

    /// How many questions a proposal's run asks; none while the gate is off.
    func size(_ scope: ProjectScope<ProjectManage>) async throws -> Int {
        guard let set = try await gate(scope.projectRead).set else { return 0 }
        return try await runs.size(of: set, scope.evaluationsUse)
    }

    /// Sets the run going that decides.
    /// - Throws: `settings.gate_off`, `settings.gate_stale`, `input.invalid` for an unknown model, `run.no_questions`.
    public func propose(
        appliesItself: Bool, _ scope: ProjectScope<ProjectManage>, change: @escaping @Sendable (inout ChatSettings) -> Void
    ) async throws -> SettingsProposal {
        let now = clock.now()
        try await baseline(scope.projectRead).requireFresh()
        return try await database.write { connection in
            let gate = try gates.gate(of: scope.project, in: connection)
            guard let set = gate.set, let baseline = gate.run else { throw Self.off }
            let present = try settings.numbered(scope.projectRead, in: connection)
            var target = present.settings
            change(&target)
            try settings.check(target)
            var plan = try runs.complete(baseline, scope.project, in: connection).run.plan
            plan.settings = target
            let run = try runs.start("Proposal of \(now)", plan, over: set, at: now, scope.evaluationsUse, in: connection)
            let proposal = SettingsProposal(
                id: ProposalID(at: now), project: scope.project, set: set, run: run.id, settings: target, version: present.version,
                state: .running,
                record: SettingsProposal.Record(appliesItself: appliesItself), creator: scope.principal.user, createdAt: now,
                finishedAt: nil)
            try proposals.insert(proposal, in: connection)
            try tell("settings.proposed", proposal.id.description, scope.project, by: scope.principal.user, in: connection)
            return proposal
        }
    }

    /// Uses settings that passed.
    /// - Throws: `settings.proposal_not_found`, `settings.gate_failed` with the figures, `settings.proposal_stale`, `run.not_complete`.
    public func apply(_ id: ProposalID, _ scope: ProjectScope<ProjectManage>) async throws -> SettingsProposal {
        let now = clock.now()
        return try await database.write { connection in
            let proposal = try find(id, scope, in: connection)
            switch proposal.state {
            case .applied: return proposal
            case .refused: throw proposal.record.verdict?.failure ?? ParleyError(.gateFailed, "The settings did not pass the gate.")
            case .stale: throw Self.stale
            case .running, .failed: throw ParleyError(.runNotComplete, "The proposal's run is not complete.")
            case .passed:
                guard try use(proposal, at: now, scope, in: connection) else { throw Self.stale }
                try proposals.finish(id, .applied, proposal.record, at: now, in: connection)
                return try find(id, scope, in: connection)
            }
        }
    }

    /// What the proposals that wait for a run come to, now that it is complete.
    /// - Parameter manager: nil when whoever proposed may not change settings any more: then what passes waits for somebody who may.
    func decide(
        _ run: RunID, of project: ProjectID, at now: Timestamp, _ manager: ProjectScope<ProjectManage>?, in connection: Connection
    ) throws {
        for proposal in try proposals.waiting(for: run, in: connection) {
            var record = proposal.record
            let state: ProposalState
            do {
                let verdict = try verdict(run, of: project, in: connection)
                record.verdict = verdict
                if verdict.isStale {
                    state = .stale
                } else if !verdict.passes {
                    state = .refused
                } else if let manager, record.appliesItself {
                    state = try use(proposal, at: now, manager, in: connection) ? .applied : .stale
                } else {
                    state = .passed
                }
            } catch is ParleyError {
                // The gate was changed meanwhile, so that this run says nothing about it.
                state = .stale
            }
            try proposals.finish(proposal.id, state, record, at: now, in: connection)
            try tell("settings.proposal_\(state.rawValue)", proposal.id.description, project, by: proposal.creator, in: connection)
        }
    }

    /// - Returns: false when the settings are others than those that the proposal changes.
    private func use(
        _ proposal: SettingsProposal, at now: Timestamp, _ scope: ProjectScope<ProjectManage>, in connection: Connection
    ) throws -> Bool {
        guard try settings.numbered(scope.projectRead, in: connection).version == proposal.version else { return false }
        try settings.put(proposal.settings, at: now, scope, in: connection)
        return true
    }

    private func find(_ id: ProposalID, _ scope: ProjectScope<ProjectManage>, in connection: Connection) throws -> SettingsProposal {
        guard let proposal = try proposals.proposal(id, of: scope.project, in: connection) else {
            throw ParleyError(.proposalNotFound, "The project has no proposal with this id.")
        }
        return proposal
    }

    private static var off: ParleyError {
        ParleyError(.gateOff, "The project has no gate: name a question set and a baseline run with PUT …/settings/gate.")
    }
    private static var stale: ParleyError {
        ParleyError(.proposalStale, "The settings, or the gate, were changed since the proposal was made; propose again.")
    }

    private func tell(_ kind: String, _ subject: String, _ project: ProjectID, by user: UserID, in connection: Connection) throws {
        try events.append(EventDraft(kind: kind, project: project, subject: subject, actor: user, payload: .object([:])), in: connection)
    }
}
