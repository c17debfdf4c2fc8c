import ParleyCore
import ParleyDatabase
import ParleyInference

/// Counts what an answer's model does not tell, and records what the answer cost.
struct AnswerUsage: Sendable {
    let models: ChatModels
    let clock: any WallClock
    private let store = UsageStore()

    init(models: ChatModels, clock: any WallClock) { (self.models, self.clock) = (models, clock) }

    /// Counts the tokens of an answer whose model has not told them, or was stopped before it could.
    func complete(_ answer: inout Message) {
        guard let usage = answer.outcome.usage, usage.isEstimate == true else { return }
        let counter = answer.outcome.model.flatMap { models[$0] }?.model.tokenCounter ?? EstimatedTokenCounter()
        answer.outcome.usage = TokenUsage(
            promptTokens: usage.promptTokens, completionTokens: counter.tokenCount(answer.content), isEstimate: true)
    }

    /// Keeps what a model read and wrote for the answer; nothing when no model was asked.
    func record(_ answer: Message, of user: UserID, in project: ProjectID, _ connection: Connection) throws {
        guard let name = answer.outcome.model, let usage = answer.outcome.usage else { return }
        try record(usage, of: name, UsageRecord.answer, for: answer.id, user, project, connection)
    }

    /// Keeps what a call on the way to the answer took.
    func record(_ call: AuxiliaryCall, for answer: MessageID, of user: UserID, in project: ProjectID, _ connection: Connection) throws {
        try record(call.usage, of: call.model, call.purpose.rawValue, for: answer, user, project, connection)
    }

    private func record(
        _ usage: TokenUsage, of name: String, _ purpose: String, for answer: MessageID, _ user: UserID, _ project: ProjectID,
        _ connection: Connection
    ) throws {
        let price = models[name]?.price ?? TokenPrice()
        try store.record(
            UsageRecord(
                message: answer, purpose: purpose, user: user, project: project, model: name, promptTokens: usage.promptTokens,
                completionTokens: usage.completionTokens, isEstimate: usage.isEstimate ?? false,
                cost: price.cost(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens), at: clock.now()),
            in: connection)
    }
}
