import ParleyAuthority
import ParleyCore
public import ParleyHTTP
import ParleyInference
import Retrieval

extension EndpointTag {
    public static let models = Self("Models", "Language models, how a project uses them, and what that costs.")
}

/// Projects' chat settings over HTTP.
public struct ChatSettingsEndpoints: Sendable {
    private static let path = "/v1/projects/{project}/settings"
    private let service: ChatSettingsService

    public init(service: ChatSettingsService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .project(
                .projectRead, .get, path: Self.path, id: "settings.get", tag: .models, summary: "Read a project's chat settings",
                output: ChatSettings.schema
            ) { _, scope in
                .ok(try await service.settings(scope))
            }.versioned(service.version),
            .project(
                .projectManage, .patch, path: Self.path, id: "settings.update", tag: .models, summary: "Change a project's chat settings",
                description: "Fields left out stay; null leaves a matter to the installation.", input: ChatSettingsChange.schema,
                output: ChatSettings.schema, errors: service.refusals
            ) { _, scope, input in
                .ok(try await service.change(scope) { input.apply(to: &$0) })
            }.versioned(service.version, requiresMatch: true),
        ]
    }
}

extension ChatModels.Entry {
    static let schema: Schema<ChatModels.Entry> = .object(
        "LanguageModel", "A language model.",
        .field("name", \.name, .string()),
        .field("id", \.id, .optional(.string()), "Of one that was added while the server ran; null for one of the settings."),
        .field("dialect", \.dialect, .enumeration(), "The protocol it is spoken to in."),
        .field("context_window", \.model.descriptor.contextWindow, .int(), "Tokens of prompt and answer together."),
        .field("prompt_price", \.price.prompt, .double(), "Of a million tokens read."),
        .field("completion_price", \.price.completion, .double(), "Of a million tokens written."),
        example: ChatModels.Entry(name: "small", dialect: .openAI, model: NoModel(), price: TokenPrice(prompt: 0.5, completion: 1.5)))
}

/// Stands in the example of the documentation.
private struct NoModel: ChatModel {
    var descriptor: ChatModelDescriptor { ChatModelDescriptor(name: "small", contextWindow: 32_768) }
    var tokenCounter: any AnswerTokenCounter { EstimatedTokenCounter() }
    func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> { AsyncThrowingStream { $0.finish() } }
    func checkHealth() async throws {}
}

/// The body that changes the settings.
public struct ChatSettingsChange: Sendable {
    let model: Change<String?>
    let way: Change<AnswerWay?>
    let temperature: Change<Double?>
    let instructions: Change<String?>
    let answerTokens: Change<Int?>
    let promptTokens: Change<Int?>
    let passages: Change<Int?>
    let searchMode: Change<SearchMode?>
    let dailyTokens: Change<Int?>
    let markUnsupported: Change<Bool?>

    /// Changes what was sent and keeps the rest.
    public func apply(to settings: inout ChatSettings) {
        settings.model = model.applied(to: settings.model)
        settings.way = way.applied(to: settings.way)
        settings.temperature = temperature.applied(to: settings.temperature)
        settings.instructions = instructions.applied(to: settings.instructions)
        settings.answerTokens = answerTokens.applied(to: settings.answerTokens)
        settings.promptTokens = promptTokens.applied(to: settings.promptTokens)
        settings.passages = passages.applied(to: settings.passages)
        settings.searchMode = searchMode.applied(to: settings.searchMode)
        settings.dailyTokens = dailyTokens.applied(to: settings.dailyTokens)
        settings.markUnsupported = markUnsupported.applied(to: settings.markUnsupported)
    }

    public static let schema: Schema<ChatSettingsChange> = .object(
        "ChatSettingsChange", "Fields to change.",
        .field("model", \.model, .change(.optional(.string(1...200)))),
        .field("way", \.way, .change(.optional(.enumeration()))),
        .field("temperature", \.temperature, .change(.optional(.double(0...2)))),
        .field("instructions", \.instructions, .change(.optional(.string(0...4000)))),
        .field("max_answer_tokens", \.answerTokens, .change(.optional(.int(1...100_000)))),
        .field("max_prompt_tokens", \.promptTokens, .change(.optional(.int(256...1_000_000)))),
        .field("passages", \.passages, .change(.optional(.int(1...50)))),
        .field("search_mode", \.searchMode, .change(.optional(.enumeration()))),
        .field("daily_tokens", \.dailyTokens, .change(.optional(.int(0...1_000_000_000)))),
        .field("mark_unsupported", \.markUnsupported, .change(.optional(.bool()))),
        example: ChatSettingsChange(
            model: .keep, way: .keep, temperature: .set(0.2), instructions: .set("Answer formally."), answerTokens: .keep,
            promptTokens: .keep,
            passages: .keep, searchMode: .keep, dailyTokens: .set(200_000), markUnsupported: .keep)
    ) {
        ChatSettingsChange(
            model: $0, way: $1, temperature: $2, instructions: $3, answerTokens: $4, promptTokens: $5, passages: $6, searchMode: $7,
            dailyTokens: $8, markUnsupported: $9)
    }
}

extension ChatSettingsChange {
    /// A change of nothing.
    public init() {
        self.init(
            model: .keep, way: .keep, temperature: .keep, instructions: .keep, answerTokens: .keep, promptTokens: .keep, passages: .keep,
            searchMode: .keep, dailyTokens: .keep, markUnsupported: .keep)
    }
}

extension ChatSettings {
    public static let schema: Schema<ChatSettings> = .object(
        "ChatSettings", "How a project's answers are made; null leaves a matter to the installation.",
        .field("model", \.model, .optional(.string())),
        .field("way", \.way, .optional(.enumeration()), "`quoted` asks no language model; without a model there is no other way."),
        .field("temperature", \.temperature, .optional(.double())),
        .field("instructions", \.instructions, .optional(.string()), "How answers should be given."),
        .field("max_answer_tokens", \.answerTokens, .optional(.int())),
        .field("max_prompt_tokens", \.promptTokens, .optional(.int())),
        .field("passages", \.passages, .optional(.int()), "Passages retrieved for a question."),
        .field("search_mode", \.searchMode, .optional(.enumeration()), "By words, by meaning, or both."),
        .field("daily_tokens", \.dailyTokens, .optional(.int()), "Tokens a day (UTC) beyond which questions are refused."),
        .field(
            "mark_unsupported", \.markUnsupported, .optional(.bool()),
            "Whether answers over OpenAI's protocol and MCP mark in their text what the documents do not support; true when null."),
        example: ChatSettings())
}
