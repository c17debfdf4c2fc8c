public import Conversations
public import ParleyCore

public enum RunKind: IdentifierKind { public static let prefix = "run" }
public typealias RunID = Identifier<RunKind>

/// Where a run stands.
public enum RunState: String, Sendable, CaseIterable {
    case queued, running, complete, failed, cancelled

    var isOver: Bool { self != .queued && self != .running }
}

/// What a run does with each question.
public struct RunPlan: Sendable, Hashable, Codable {
    /// Whether the questions are answered too; search alone needs no language model.
    public var answers: Bool
    /// Documents that a search is to find.
    public var depth: Int
    /// The project's settings as they were, with the run's own changes.
    public var settings: ChatSettings
}

/// What came of a run as a whole.
public struct RunOutcome: Sendable, Hashable, Codable {
    public var figures = Scores()
    public var latencies: [Latency] = []
    public var failure: String?

    public init() {}
}

/// How long a stage took over all questions, in milliseconds.
public struct Latency: Sendable, Hashable, Codable {
    public let stage: String
    public let median: Double
    /// The 95th percentile.
    public let p95: Double

    /// Of each stage, in the order in which they first come.
    static func all(of results: [QuestionResult]) -> [Latency] {
        var order: [String] = []
        var times: [String: [Double]] = [:]
        for stage in results.flatMap(\.stages) {
            if times[stage.name] == nil { order.append(stage.name) }
            times[stage.name, default: []].append(stage.milliseconds)
        }
        return order.map { name in
            let sorted = (times[name] ?? []).sorted()
            // fits: a share of the last index
            func at(_ share: Double) -> Double { sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())] }
            return Latency(stage: name, median: at(0.5), p95: at(0.95))
        }
    }
}

/// A set put through the product once.
public struct EvaluationRun: Sendable, Hashable {
    public let id: RunID
    public let set: QuestionSetID
    public let project: ProjectID
    public let job: JobID?
    public let name: String
    public let plan: RunPlan
    /// Empty until it has begun.
    public let makers: RunMakers
    public let state: RunState
    public let total: Int
    public let done: Int
    public let outcome: RunOutcome
    public let creator: UserID
    public let createdAt: Timestamp
    public let finishedAt: Timestamp?
}

/// What a run made of one question.
public struct QuestionResult: Sendable, Hashable, Codable {
    public let position: Int
    public let question: SetQuestionID
    /// As it stood when it was asked.
    public let text: String
    public var scores = Scores()
    /// Names of the documents found, best first.
    public var documents: [String] = []
    /// The answer's text; nil in a run over search alone.
    public var answer: String?
    public var isRefusal: Bool?
    public var citations: [ResultCitation] = []
    public var stages: [ResultStage] = []

    init(position: Int, question: SetQuestionID, text: String) { (self.position, self.question, self.text) = (position, question, text) }
}

/// A citation of a result.
public struct ResultCitation: Sendable, Hashable, Codable {
    public let document: String
    public let page: Int?
    public let quote: String
    public let isRight: Bool
}

/// How long a part of the work took.
public struct ResultStage: Sendable, Hashable, Codable {
    public let name: String
    public let milliseconds: Double
}
