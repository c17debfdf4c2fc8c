public import Conversations
public import ParleyCore

/// What a change of the project's settings must not make worse.
public struct Gate: Sendable, Hashable {
    /// The set that is run; nil when the gate is off.
    public var set: QuestionSetID?
    /// The run that others are measured against.
    public var run: RunID?
    public var rules: GateRules

    var isOn: Bool { self.set != nil && run != nil }

    static let off = Gate(set: nil, run: nil, rules: GateRules(tolerances: [], significance: nil))

    static var isInUse: ParleyError {
        ParleyError(.gateRequired, "The gate of the project's settings rests on it; change or switch off the gate first.")
    }
}

/// How much worse is too much.
public struct GateRules: Sendable, Hashable, Codable {
    public var tolerances: [Tolerance]
    /// A loss counts only when chance alone makes such a one at most this often; nil: every loss counts.
    public var significance: Double?
}

/// How much one metric may be worse than the baseline.
public struct Tolerance: Sendable, Hashable, Codable {
    public let metric: QuestionMetric
    /// In the metric's own unit: 0.02 of nDCG, 0.05 of false refusals.
    public let tolerance: Double

    public init(_ metric: QuestionMetric, _ tolerance: Double) { (self.metric, self.tolerance) = (metric, tolerance) }
}

/// Whether a run passes a gate, and why.
public struct GateVerdict: Sendable, Hashable, Codable {
    public struct Check: Sendable, Hashable, Codable {
        public let metric: QuestionMetric
        /// Nil when a run has nothing of it.
        public let baseline: Double?
        public let value: Double?
        public let tolerance: Double
        public let p: Double?
        public let passes: Bool
    }

    public let run: RunID
    public let baseline: RunID
    public let checks: [Check]
    /// The parts of the installation with which the baseline was measured and the run was not: then it does not tell what the
    /// settings alone do.
    public let changedParts: [String]

    public var isStale: Bool { !changedParts.isEmpty }

    public var passes: Bool { checks.allSatisfy(\.passes) }

    init(
        _ run: EvaluationRun, _ results: [QuestionResult], against baseline: EvaluationRun, _ known: [QuestionResult], _ rules: GateRules
    ) {
        (self.run, self.baseline) = (run.id, baseline.id)
        changedParts = baseline.makers.conflicts(with: run.makers)
        let pairs = RunComparison.pairs(known, results)
        checks = rules.tolerances.map { rule in
            guard let test = RunComparison.test(rule.metric, pairs) else {
                return Check(metric: rule.metric, baseline: nil, value: nil, tolerance: rule.tolerance, p: nil, passes: false)
            }
            let loss = rule.metric.isBetterWhenHigher ? -test.difference : test.difference
            let isBad = loss > rule.tolerance + 1e-9 && rules.significance.map { test.p <= $0 } ?? true
            return Check(
                metric: rule.metric, baseline: test.first, value: test.second, tolerance: rule.tolerance, p: test.p, passes: !isBad)
        }
    }

    /// The checks that failed, as one error.
    var failure: ParleyError {
        let failed = checks.filter { !$0.passes }
        func text(_ value: Double?) -> String { value.map { "\(($0 * 10_000).rounded() / 10_000)" } ?? "nothing" }
        return ParleyError(
            .gateFailed, "The settings did not pass the gate: \(failed.map(\.metric.rawValue).joined(separator: ", ")) got worse.",
            fields: failed.map {
                FieldError($0.metric.rawValue, "was \(text($0.baseline)), is \(text($0.value)); \(text($0.tolerance)) is tolerated")
            })
    }
}

/// Whether what a gate measures against still holds.
public struct GateBaseline: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        /// There is no gate.
        case off
        case fresh
        /// It was measured with other models than the installation's present ones.
        case stale
    }

    public let run: RunID?
    /// The parts that are others now.
    public let changedParts: [String]

    public var state: State { run == nil ? .off : changedParts.isEmpty ? .fresh : .stale }

    /// - Throws: `settings.gate_stale`.
    func requireFresh() throws {
        guard state == .stale else { return }
        throw ParleyError(
            .gateStale,
            "The gate's baseline was measured with another \(changedParts.joined(separator: ", ")): run the set anew and name that run in the gate."
        )
    }
}

public enum ProposalKind: IdentifierKind { public static let prefix = "spp" }
public typealias ProposalID = Identifier<ProposalKind>

/// Where a proposal stands.
public enum ProposalState: String, Sendable, CaseIterable {
    /// Its run is under way.
    case running
    /// Passed the gate, to be applied by hand.
    case passed
    case applied
    /// Did not pass.
    case refused
    /// Passed, but the settings, the gate or the installation's models were changed meanwhile.
    case stale
    /// Its run did not come to its end.
    case failed
}

/// Settings that are to be used if they pass the gate.
public struct SettingsProposal: Sendable, Hashable {
    public let id: ProposalID
    public let project: ProjectID
    public let set: QuestionSetID?
    public let run: RunID?
    public let settings: ChatSettings
    /// The version of the settings that it changes.
    let version: Int
    public let state: ProposalState
    public let record: Record
    public let creator: UserID
    public let createdAt: Timestamp
    public let finishedAt: Timestamp?

    /// What is stored beside the columns.
    public struct Record: Sendable, Hashable, Codable {
        public var appliesItself = true
        public var verdict: GateVerdict?
    }
}
