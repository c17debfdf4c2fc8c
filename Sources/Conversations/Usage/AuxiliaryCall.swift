import ParleyInference

/// A call of a language model that is not the answer itself but made for it, and that costs tokens all the same.
struct AuxiliaryCall: Sendable {
    enum Purpose: String, Sendable {
        /// A question that follows others was made to stand alone.
        case rewriting
    }

    let purpose: Purpose
    let model: String
    let usage: TokenUsage

    /// - Parameter told: what the model said that it took; counted here when it said nothing.
    init(_ purpose: Purpose, _ entry: ChatModels.Entry, _ prompt: [ChatMessage], _ text: String, _ told: TokenUsage?) {
        (self.purpose, model) = (purpose, entry.name)
        let counter = entry.model.tokenCounter
        usage =
            told
            ?? TokenUsage(
                promptTokens: counter.tokenCount(of: prompt), completionTokens: counter.tokenCount(text), isEstimate: true)
    }
}
