import ParleyCore
import ParleyDatabase

/// The limit that a project's owner has set on the tokens of one day.
struct DailyTokens: Sendable {
    let now: Timestamp

    /// - Throws: `usage.tokens_used_up`, which tells when the next day begins.
    func check(_ project: ProjectID, in connection: Connection) throws {
        guard let limit = try ChatSettingsStore().settings(of: project, in: connection).dailyTokens,
            try UsageStore().tokens(of: project, onDayOf: now, in: connection) >= limit
        else { return }
        let day: Int64 = 86_400_000
        let rest = day - ((now.milliseconds % day) + day) % day
        throw ParleyError(
            .tokensUsedUp, "This project's answers have used the \(limit) tokens of the day. Ask again tomorrow (UTC).",
            retryAfter: .milliseconds(rest))
    }
}
