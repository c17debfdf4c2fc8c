public import ParleyCore
import ParleyDatabase

/// What one answer, or a call on the way to it, cost.
struct UsageRecord: Sendable {
    static let answer = "answer"

    /// The purpose of what an attempt took whose process died.
    static func attempt(_ number: Int) -> String { "attempt \(number)" }

    let message: MessageID
    /// `answer`, the attempt at it that died, or what the call was made for.
    let purpose: String
    let user: UserID
    let project: ProjectID
    let model: String
    let promptTokens: Int
    let completionTokens: Int
    let isEstimate: Bool
    /// In millionths of the operator's currency.
    let cost: Int
    let at: Timestamp
}

/// By what usage is added up.
public enum UsageGroup: String, Sendable, CaseIterable {
    case day, user, project, model
}

/// Usage added up over one value of the group.
public struct UsageSum: Sendable, Hashable {
    /// The day (2026-11-22), or the user's or project's id, or the model's name.
    public let key: String
    public let answers: Int
    public let promptTokens: Int
    public let completionTokens: Int
    /// Answers whose model did not tell its tokens, so that they were counted here.
    public let estimated: Int
    /// In millionths of the operator's currency.
    public let cost: Int
}

/// Whose usage, and when.
public struct UsageQuery: Sendable {
    public var group: UsageGroup
    public var user: UserID?
    public var project: ProjectID?
    public var from: Timestamp?
    public var to: Timestamp?

    public init(by group: UsageGroup, user: UserID? = nil, project: ProjectID? = nil, from: Timestamp? = nil, to: Timestamp? = nil) {
        (self.group, self.user, self.project, self.from, self.to) = (group, user, project, from, to)
    }
}

/// The rows of usage: one for each answer that a model made or began.
struct UsageStore: Sendable {
    func record(_ usage: UsageRecord, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO answer_usage (message_id, purpose, user_id, project_id, model, day, prompt_tokens, completion_tokens, is_estimate, cost, at)
            VALUES (\(usage.message), \(usage.purpose), \(usage.user), \(usage.project), \(usage.model), \(Self.day(usage.at)),
                \(usage.promptTokens), \(usage.completionTokens), \(usage.isEstimate), \(usage.cost), \(usage.at))
            ON CONFLICT (message_id, purpose) DO NOTHING
            """)
    }

    /// Sums in the order of their keys.
    func sums(_ query: UsageQuery, in connection: Connection) throws -> [UsageSum] {
        let key: SQL =
            switch query.group {
            case .day: "day"
            case .user: "user_id"
            case .project: "project_id"
            case .model: "model"
            }
        var condition: SQL = "at >= \(query.from ?? Timestamp(milliseconds: 0))"
        if let to = query.to { condition = condition + " AND at < \(to)" }
        if let user = query.user { condition = condition + " AND user_id = \(user)" }
        if let project = query.project { condition = condition + " AND project_id = \(project)" }
        let whole: SQL = "CASE WHEN purpose = 'answer' THEN 1 ELSE 0 END"
        let one: SQL = "CASE WHEN is_estimate AND purpose = 'answer' THEN 1 ELSE 0 END"
        return try connection.rows(
            """
            SELECT \(fragment: key) AS sum_key, CAST(sum(\(fragment: whole)) AS BIGINT) AS answers, CAST(sum(prompt_tokens) AS BIGINT) AS prompt_tokens,
                CAST(sum(completion_tokens) AS BIGINT) AS completion_tokens, CAST(sum(\(fragment: one)) AS BIGINT) AS estimated,
                CAST(sum(cost) AS BIGINT) AS cost
            FROM answer_usage WHERE \(fragment: condition) GROUP BY \(fragment: key) ORDER BY \(fragment: key) LIMIT 1000
            """
        ).map(UsageSum.init)
    }

    /// Tokens read and written for a person or a project on these days.
    func tokens(of owner: TokenOwner, in days: ClosedRange<String>, _ connection: Connection) throws -> Int {
        let row = try connection.row(
            """
            SELECT CAST(COALESCE(sum(prompt_tokens + completion_tokens), 0) AS BIGINT) AS n FROM answer_usage
            WHERE \(fragment: owner.condition) AND day >= \(days.lowerBound) AND day <= \(days.upperBound)
            """)
        return try row?["n"] ?? 0
    }

    private static func day(_ moment: Timestamp) -> String { String(moment.description.prefix(10)) }
}

extension UsageSum {
    init(_ row: Row) throws {
        key = try row["sum_key"]
        answers = try row["answers"]
        promptTokens = try row["prompt_tokens"]
        completionTokens = try row["completion_tokens"]
        estimated = try row["estimated"]
        cost = try row["cost"]
    }
}
