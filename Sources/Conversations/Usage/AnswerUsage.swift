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
    /// - Parameter written: what the model wrote beside the answer's text.
    func complete(_ answer: inout Message, written: String = "") {
        guard let usage = answer.outcome.usage, usage.isEstimate == true else { return }
        let counter = answer.outcome.model.flatMap { models[$0] }?.model.tokenCounter ?? EstimatedTokenCounter()
        // A quoted answer was not written by the model that was asked before; what it wrote was counted then.
        let text = answer.outcome.way == .quoted ? "" : answer.content + written
        guard !text.isEmpty || usage.completionTokens == 0 else { return }
        answer.outcome.usage = TokenUsage(
            promptTokens: usage.promptTokens, completionTokens: counter.tokenCount(text), isEstimate: true)
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

    /// Keeps what an attempt took whose process died, as far as its events show it: a model that had begun to write has read its prompt.
    /// Counted here, since nobody can tell any more; what was written in the last moments before the death is not known.
    func record(_ died: DiedAttempt, _ plan: AnswerPlan, in project: ProjectID, _ connection: Connection) throws {
        guard !died.text.isEmpty, let entry = plan.models.first else { return }
        let counter = entry.model.tokenCounter
        let prompt = counter.tokenCount(died.prompt)
        let usage = TokenUsage(
            promptTokens: min(prompt, plan.budget(for: entry)), completionTokens: counter.tokenCount(died.text), isEstimate: true)
        try record(usage, of: entry.name, UsageRecord.attempt(died.number), for: died.answer, died.user, project, connection)
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
