import ParleyInference
import Retrieval

/// How one answer is made: what the question asks for, within what its project allows, within what the installation allows.
struct AnswerPlan: Sendable {
    /// To be asked one after the other until one answers; none where the documents are quoted.
    let models: [ChatModels.Entry]
    let passages: Int
    let mode: SearchMode
    let promptTokens: Int
    let answerTokens: Int
    let instructions: String?
    private let sampling: Sampling
    private let stop: [String]
    private let repetitionPenalty: Double

    init(_ options: AnswerOptions, _ project: ChatSettings, _ installation: Answering.Configuration, _ models: ChatModels) {
        // Whoever names a model for a question wants it to write.
        let way = options.way ?? (options.model == nil ? project.way : nil)
        self.models = way == .quoted ? [] : models.chain(options.model ?? project.model)
        passages = project.passages ?? installation.passages
        mode = project.searchMode ?? .hybrid
        promptTokens = min(project.promptTokens ?? .max, installation.promptTokens)
        answerTokens = min(options.maxTokens ?? .max, project.answerTokens ?? .max, installation.answerTokens)
        let wishes = [project.instructions, options.instructions].compactMap { $0 }.filter { !$0.isEmpty }
        instructions = wishes.isEmpty ? nil : wishes.joined(separator: "\n\n")
        sampling = Sampling(
            temperature: options.temperature ?? project.temperature ?? 0, topP: options.topP ?? 1, seed: options.seed)
        stop = options.stop ?? []
        repetitionPenalty = installation.repetitionPenalty
    }

    /// Very small models can do no more than pick a sentence.
    func style(for model: ChatModels.Entry) -> PromptStyle { model.dialect == .local ? .extract : .converse }

    /// Tokens that a prompt to this model may have.
    func budget(for model: ChatModels.Entry) -> Int { min(promptTokens, model.model.descriptor.contextWindow - answerTokens) }

    func request(_ messages: [ChatMessage], to model: ChatModels.Entry) -> ChatRequest {
        var sampling = sampling
        if model.dialect == .local { sampling.repetitionPenalty = repetitionPenalty }
        return ChatRequest(messages, sampling: sampling, stop: stop, maxTokens: answerTokens)
    }
}
