import ParleyCore
import ParleyHTTP
import ParleyInference

/// The body that names a model.
struct ModelCheckInput: Sendable {
    let model: String?

    static let schema: Schema<ModelCheckInput> = .object(
        "ModelCheck", "Which language model to check.",
        .field("model", \.model, .optional(.string(1...200)), "One of the installation's models; the first when left out."),
        example: ModelCheckInput(model: nil)
    ) { ModelCheckInput(model: $0) }
}

/// What a check showed.
struct ModelReport: Sendable {
    let model: String
    let contextWindow: Int
    let firstWords: Double?
    let total: Double
    let streams: Bool
    let thinks: Bool
    let usage: TokenUsage?
    let error: AnswerFailure?

    init(_ entry: ChatModels.Entry, _ check: ModelCheck) {
        (model, contextWindow) = (entry.name, entry.model.descriptor.contextWindow)
        (firstWords, total) = (check.firstWords.map { $0.seconds * 1000 }, check.total.seconds * 1000)
        (streams, thinks) = (check.streams, check.thinks)
        usage = check.usage.map { TokenUsage(promptTokens: $0.promptTokens, completionTokens: $0.completionTokens) }
        error = check.error.map { AnswerFailure(code: $0.code.name, message: $0.message) }
    }

    private init() {
        (model, contextWindow, firstWords, total, streams, thinks) = ("large", 32_768, 310, 900, true, false)
        (usage, error) = (TokenUsage(promptTokens: 31, completionTokens: 9), nil)
    }

    static let schema: Schema<ModelReport> = .object(
        "ModelReport", "How a language model answered a short question.",
        .field("model", \.model, .string()),
        .field("context_window", \.contextWindow, .int(), "Tokens of prompt and answer together, as it is configured."),
        .field("first_words_ms", \.firstWords, .optional(.double()), "Null when it wrote nothing."),
        .field("total_ms", \.total, .double()),
        .field("streams", \.streams, .bool(), "Whether the answer came in pieces."),
        .field("thinks", \.thinks, .bool(), "Whether it showed what it thought before it answered."),
        .field("usage", \.usage, .optional(TokenUsage.schema), "Null when the service does not tell."),
        .field("error", \.error, .optional(AnswerFailure.schema), "What stood in the way."),
        example: ModelReport())
}
