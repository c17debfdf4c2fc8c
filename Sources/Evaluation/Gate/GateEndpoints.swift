import Accounts
import Conversations
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// The gate of a project's settings over HTTP.
public struct GateEndpoints: Sendable {
    private static let gate = "/v1/projects/{project}/settings/gate"
    private static let proposals = "/v1/projects/{project}/settings/proposals"

    private let service: GateService

    public init(service: GateService) { self.service = service }

    public var endpoints: [Endpoint] { gate + [baseline, check] + proposals }

    private var gateVersion: ResourceVersion { .row(in: service.database) { GateStore.version(of: try $0.id("project")) } }
    private var proposalVersion: ResourceVersion {
        .row(in: service.database) { ProposalStore.version(of: try $0.id("proposal"), in: try $0.id("project")) }
    }

    private var gate: [Endpoint] {
        [
            .project(
                .projectRead, .get, path: Self.gate, id: "gate.get", tag: .evaluation, summary: "Read the gate of the settings",
                output: Gate.schema
            ) { _, scope in
                .ok(try await service.gate(scope))
            }.versioned(gateVersion),
            .project(
                .projectManage, .put, path: Self.gate, id: "gate.set", tag: .evaluation, summary: "Set the gate of the settings",
                description: """
                    While there is one, `PATCH …/settings` is refused (but for `daily_tokens` and `mark_unsupported`), and a change is proposed instead. Without `set_id` \
                    and `run_id` the gate is off.
                    """,
                input: Gate.schema, output: Gate.schema,
                errors: [.questionSetNotFound, .runNotFound, .runNotComplete, .runOfAnotherSet]
            ) { _, scope, input in
                .ok(try await service.set(input, scope))
            }.versioned(gateVersion),
        ]
    }

    private var baseline: Endpoint {
        .project(
            .projectRead, .get, path: Self.gate + "/baseline", id: "gate.baseline", tag: .evaluation,
            summary: "Read whether the gate's baseline still holds",
            description: "It is `stale` when the installation's models are others than those that the baseline was measured with.",
            output: GateBaseline.schema
        ) { _, scope in
            .ok(try await service.baseline(scope))
        }
    }

    private var check: Endpoint {
        .project(
            .evaluationsUse, .post, path: QuestionSetEndpoints.set + "/runs/{run}/check", id: "runs.check", tag: .evaluation,
            summary: "Hold a run against the gate", description: "Changes nothing; for builds that must stop when a run got worse.",
            output: GateVerdict.schema, errors: [.questionSetNotFound, .runNotFound, .runNotComplete, .runOfAnotherSet, .gateOff]
        ) { request, scope in
            .ok(try await service.check(request.id("run"), of: request.id("set"), scope))
        }
    }

    private var proposals: [Endpoint] {
        [
            .project(
                .projectManage, .get, path: Self.proposals, id: "proposals.list", tag: .evaluation, summary: "List proposals",
                output: .page(of: SettingsProposal.schema, ProposalStore.list.shape)
            ) { request, scope in
                .page(try await service.proposals(request.list(), scope))
            },
            .project(
                .projectManage, .post, path: Self.proposals, id: "proposals.create", tag: .evaluation, summary: "Propose other settings",
                description: """
                    Runs the gate's question set with them. They are used when the run passes, unless `apply` is false. It counts as a request \
                    for each question.
                    """,
                input: NewProposal.schema, output: SettingsProposal.schema, status: 202, errors: [.gateOff, .gateStale, .runEmpty],
                rate: .question
            ) { request, scope, input in
                try await request.count(as: service.size(scope))
                let proposal = try await service.propose(appliesItself: input.appliesItself, scope) { input.settings.apply(to: &$0) }
                return .accepted(proposal, location: "/v1/projects/\(scope.project)/settings/proposals/\(proposal.id)")
            }.countedByContent(),
            .project(
                .projectManage, .get, path: Self.proposals + "/{proposal}", id: "proposals.get", tag: .evaluation,
                summary: "Read a proposal", output: SettingsProposal.schema, errors: [.proposalNotFound]
            ) { request, scope in
                .ok(try await service.proposal(request.id("proposal"), scope))
            }.versioned(proposalVersion),
            .project(
                .projectManage, .post, path: Self.proposals + "/{proposal}/apply", id: "proposals.apply", tag: .evaluation,
                summary: "Use proposed settings", description: "Only when they passed; else 409 with the figures.",
                output: SettingsProposal.schema, errors: [.proposalNotFound, .gateFailed, .proposalStale, .runNotComplete]
            ) { request, scope in
                .ok(try await service.apply(request.id("proposal"), scope))
            },
        ]
    }
}

/// The body that proposes settings.
struct NewProposal: Sendable {
    let settings: ChatSettingsChange
    let appliesItself: Bool

    static let schema: Schema<NewProposal> = .object(
        "NewProposal", "Settings to be.",
        .field("settings", \.settings, ChatSettingsChange.schema, "Fields to change."),
        .field("apply", \.appliesItself, .defaulted(.bool(), to: true), "Whether they are used as soon as they pass."),
        example: NewProposal(settings: ChatSettingsChange(), appliesItself: true)
    ) { NewProposal(settings: $0, appliesItself: $1) }
}

extension Tolerance {
    static let schema: Schema<Tolerance> = .object(
        "Tolerance", "How much a metric may be worse than the baseline.",
        .field("metric", \.metric, .enumeration()),
        .field("tolerance", \.tolerance, .defaulted(.double(0...1_000_000), to: 0), "In the metric's own unit."),
        example: Tolerance(.nDCGAt10, 0.02)
    ) { Tolerance($0, $1) }
}

extension Gate {
    static let schema: Schema<Gate> = .object(
        "SettingsGate", "What a change of the settings must not make worse.",
        .field("set_id", \.set, .optional(.id()), "The question set; null when the gate is off."),
        .field("run_id", \.run, .optional(.id()), "The baseline: a complete run over the set."),
        .field("tolerances", \.rules.tolerances, .defaulted(.array(Tolerance.schema, 0...20), to: [])),
        .field(
            "significance", \.rules.significance, .optional(.double(0...1)),
            "Only losses with a p-value up to this count; null: every loss."),
        example: Gate(set: nil, run: nil, rules: GateRules(tolerances: [Tolerance(.nDCGAt10, 0.02)], significance: nil))
    ) { set, run, tolerances, significance in
        guard (set == nil) == (run == nil) else {
            throw ParleyError(
                .invalidInput, "A gate needs both a question set and a baseline run.",
                fields: [FieldError("/run_id", "must come with set_id")])
        }
        guard set == nil || !tolerances.isEmpty else {
            throw ParleyError(
                .invalidInput, "A gate needs at least one metric.", fields: [FieldError("/tolerances", "must name at least one metric")])
        }
        return Gate(set: set, run: run, rules: GateRules(tolerances: tolerances, significance: significance))
    }
}

extension GateVerdict.Check {
    static let schema: Schema<GateVerdict.Check> = .object(
        "GateCheck", "One metric held against the baseline.",
        .field("metric", \.metric, .enumeration()),
        .field("baseline", \.baseline, .optional(.double())),
        .field("value", \.value, .optional(.double())),
        .field("tolerance", \.tolerance, .double()),
        .field("p", \.p, .optional(.double())),
        .field("passes", \.passes, .bool()),
        example: GateVerdict.Check(metric: .nDCGAt10, baseline: 0.81, value: 0.82, tolerance: 0.02, p: 0.4, passes: true))
}

extension GateVerdict {
    static let schema: Schema<GateVerdict> = .object(
        "GateVerdict", "Whether a run passes the gate.",
        .field("passes", \.passes, .bool()),
        .field("run_id", \.run, .id()),
        .field("baseline_run_id", \.baseline, .id()),
        .field("checks", \.checks, .array(Check.schema)),
        .field("stale", \.isStale, .bool(), "Whether the baseline was measured with other models than the run."),
        .field("changed_parts", \.changedParts, .array(.string()), "The parts of `made_by` that are others in the run."),
        example: GateVerdict(EvaluationRun.example, [], against: EvaluationRun.example, [], Gate.off.rules))
}

extension GateBaseline {
    static let schema: Schema<GateBaseline> = .object(
        "GateBaseline", "Whether what a gate measures against still holds.",
        .field("state", \.state, .enumeration()),
        .field("run_id", \.run, .optional(.id()), "Null when the gate is off."),
        .field("changed_parts", \.changedParts, .array(.string()), "The parts of the run's `made_by` that are others now."),
        example: GateBaseline(run: EvaluationRun.example.id, changedParts: ["embedding_model", "calibration"]))
}

extension SettingsProposal {
    static let schema: Schema<SettingsProposal> = .object(
        "SettingsProposal", "Settings that are used if they pass the gate.",
        .field("id", \.id, .id()),
        .field("project_id", \.project, .id()),
        .field("set_id", \.set, .optional(.id())),
        .field("run_id", \.run, .optional(.id()), "The run that decides."),
        .field("settings", \.settings, ChatSettings.schema, "The settings as they would be."),
        .field("state", \.state, .enumeration()),
        .field("verdict", \.record.verdict, .optional(GateVerdict.schema), "Once the run is complete."),
        .field("created_by", \.creator, .id()),
        .field("created_at", \.createdAt, .timestamp()),
        .field("finished_at", \.finishedAt, .optional(.timestamp())),
        example: SettingsProposal(
            id: ProposalID(at: EvaluationRun.example.createdAt), project: EvaluationRun.example.project, set: EvaluationRun.example.set,
            run: EvaluationRun.example.id, settings: ChatSettings(), version: 1, state: .running, record: SettingsProposal.Record(),
            creator: EvaluationRun.example.creator, createdAt: EvaluationRun.example.createdAt, finishedAt: nil))
}
