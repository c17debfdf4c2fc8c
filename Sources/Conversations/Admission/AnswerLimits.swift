public import Accounts
public import ParleyCore
import ParleyDatabase
public import ParleyInference
import ParleyJobs

/// What is asked of a question before its answer is queued: that not too many are being made or waiting, and that the quotas of tokens
/// have room for it.
public struct AnswerLimits: Sendable {
    public static let running = Setting("answer.max_running", default: 256, .range(1...10_000), "Answers that are made at once.")
    public static let waiting = Setting(
        "answer.max_waiting", default: 512, .range(0...1_000_000), "Questions that may wait for their answer to be begun.")
    public static let settings: [any SettingDeclaration] = [running, waiting]

    let configuration: Answering.Configuration
    private let quota: TokenQuota

    /// - Parameter configuration: how answers are made, from which follows what one may need.
    public init(_ configuration: Answering.Configuration, quotas: Quotas, models: ChatModels) {
        self.configuration = configuration
        quota = TokenQuota(quotas: quotas, configuration: configuration, models: models)
    }

    /// Called in the transaction that stores and queues the answer.
    /// - Throws: `answer.overloaded`, `usage.tokens_used_up`.
    func admit(_ answer: Message, _ options: AnswerOptions, _ jobs: JobQueue, _ asker: Asker, at now: Timestamp, _ connection: Connection)
        throws
    {
        // Itself is queued by now.
        if try jobs.unfinished(Answering.job.name, in: connection) > configuration.running + configuration.waiting {
            throw ParleyError(
                .answersOverloaded, "Too many questions are being answered. Ask again in a moment.", retryAfter: .seconds(5))
        }
        try quota.reserve(for: answer, options, asker, at: now, connection)
    }

    /// Gives back what was set aside for an answer that is over and whose tokens are counted.
    func settle(_ answer: MessageID, _ connection: Connection) throws { try TokenReservations().remove(answer, in: connection) }

    /// Where the project or the person stands.
    func standing(_ owner: TokenOwner, at now: Timestamp, _ connection: Connection) throws -> [TokenStanding] {
        try quota.standing(owner, at: now, connection)
    }
}

/// Who asks, and in which project.
struct Asker: Sendable {
    let user: UserID
    let project: ProjectID
}

extension ErrorCode {
    public static let answersOverloaded = Self("answer.overloaded", .unavailable, "Too many questions are being answered")
}
