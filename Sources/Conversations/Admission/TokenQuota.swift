import Accounts
import ParleyCore
import ParleyDatabase
import ParleyInference

/// Whose tokens are counted together.
enum TokenOwner: Sendable {
    case user(UserID)
    case project(ProjectID)
}

/// A day or a month, in UTC.
enum TokenPeriod: Sendable, CaseIterable {
    case day, month

    /// The days of the period around the moment, as usage names them.
    func days(around moment: Timestamp) -> ClosedRange<String> {
        let text = moment.description
        return switch self {
        case .day: String(text.prefix(10))...String(text.prefix(10))
        case .month: text.prefix(7) + "-01"...text.prefix(7) + "-31"
        }
    }

    /// How long it goes on at most.
    func rest(after moment: Timestamp) -> Duration {
        let day: Int64 = 86_400_000
        let rest = day - moment.milliseconds % day  // fits: a day is above 0
        guard self == .month else { return .milliseconds(rest) }
        let month = moment.description.prefix(7)
        var end = moment + .milliseconds(rest)
        while end.description.prefix(7) == month { end = end + .milliseconds(day) }
        return .milliseconds(end.milliseconds - moment.milliseconds)
    }
}

/// How much of a quota of tokens is used, and how much is set aside for answers that are being made.
struct TokenStanding: Sendable {
    let period: TokenPeriod
    let limit: Int?
    let used: Int
    let reserved: Int
}

/// Keeps answers within the quotas of tokens: what an answer may need at most is set aside before it is begun, and given back when
/// what it took is counted. So many answers at once do not use more than one after the other could.
struct TokenQuota: Sendable {
    let quotas: Quotas
    let configuration: Answering.Configuration
    let models: ChatModels
    private let reservations = TokenReservations()

    init(quotas: Quotas, configuration: Answering.Configuration, models: ChatModels) {
        (self.quotas, self.configuration, self.models) = (quotas, configuration, models)
    }

    /// - Throws: `usage.tokens_used_up` when there is no room for the answer.
    func reserve(for answer: Message, _ options: AnswerOptions, _ asker: Asker, at now: Timestamp, _ connection: Connection) throws {
        let settings = try ChatSettingsStore().settings(of: asker.project, in: connection)
        let plan = AnswerPlan(options, settings, configuration, models)
        let owners: [TokenOwner] = [.project(asker.project), .user(asker.user)]
        guard !plan.models.isEmpty, try owners.contains(where: { try limits(of: $0, connection).contains { $0.limit != nil } }) else {
            return
        }
        try quotas.hold(asker.project, asker.user, in: connection)
        for owner in owners {
            for standing in try self.standing(owner, at: now, connection) { try standing.require(plan.mostTokens, owner, at: now) }
        }
        try reservations.add(plan.mostTokens, for: answer.id, asker, at: now, in: connection)
    }

    func standing(_ owner: TokenOwner, at now: Timestamp, _ connection: Connection) throws -> [TokenStanding] {
        let reserved = try reservations.sum(owner, in: connection)
        return try limits(of: owner, connection).map { period, limit in
            let used = try UsageStore().tokens(of: owner, in: period.days(around: now), connection)
            return TokenStanding(period: period, limit: limit, used: used, reserved: reserved)
        }
    }

    private func limits(of owner: TokenOwner, _ connection: Connection) throws -> [(period: TokenPeriod, limit: Int?)] {
        switch owner {
        case .user(let user):
            let quota = try quotas.quota(of: user, in: connection)
            return [(.day, quota.dailyTokens), (.month, quota.monthlyTokens)]
        case .project(let project):
            let quota = try quotas.quota(of: project, in: connection)
            let owners = try ChatSettingsStore().settings(of: project, in: connection).dailyTokens
            return [(.day, [quota.dailyTokens, owners].compactMap { $0 }.min()), (.month, quota.monthlyTokens)]
        }
    }
}

extension TokenStanding {
    fileprivate func require(_ need: Int, _ owner: TokenOwner, at now: Timestamp) throws {
        guard let limit, used + reserved + need > limit else { return }
        let whose = if case .user = owner { "Your" } else { "This project's" }
        let span = period == .day ? "the day" : "the month"
        // Where answers that are being made are in the way, they soon give back what they do not need.
        let wait = used + need <= limit ? Duration.seconds(5) : period.rest(after: now)
        throw ParleyError(
            .tokensUsedUp,
            "\(whose) tokens of \(span) (UTC) do not suffice: of \(limit), \(used) are used and \(reserved) set aside, and an answer may need \(need). Ask again later, or have the limit raised.",
            retryAfter: wait, limit: ReachedLimit(limit, used: used + reserved))
    }
}

extension AnswerPlan {
    /// Tokens that rewriting a question to stand alone may take, prompt and answer together.
    static let rewritingAllowance = 700

    /// The most that the answer may read and write.
    var mostTokens: Int {
        promptTokens + answerTokens + (models.contains { style(for: $0) == .converse } ? Self.rewritingAllowance : 0)
    }
}

/// The rows of what is set aside.
struct TokenReservations: Sendable {
    func add(_ tokens: Int, for answer: MessageID, _ asker: Asker, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO token_reservations (message_id, user_id, project_id, tokens, created_at)
            VALUES (\(answer), \(asker.user), \(asker.project), \(tokens), \(now)) ON CONFLICT (message_id) DO NOTHING
            """)
    }

    func remove(_ answer: MessageID, in connection: Connection) throws {
        try connection.execute("DELETE FROM token_reservations WHERE message_id = \(answer)")
    }

    func sum(_ owner: TokenOwner, in connection: Connection) throws -> Int {
        let row = try connection.row(
            "SELECT CAST(COALESCE(sum(tokens), 0) AS BIGINT) AS n FROM token_reservations WHERE \(fragment: owner.condition)")
        return try row?["n"] ?? 0
    }
}

extension TokenOwner {
    var condition: SQL {
        switch self {
        case .user(let user): "user_id = \(user)"
        case .project(let project): "project_id = \(project)"
        }
    }
}
