import ParleyCore
import ParleyHTTP
import ParleyInference

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

extension LanguageModel {
    static let schema: Schema<LanguageModel> = .object(
        "AddedLanguageModel", "A language model that was added while the server ran.",
        .field("id", \.id, .id()),
        .field("name", \.name, .string(), "What people and requests call it."),
        .field("dialect", \.dialect, .enumeration(), "The protocol it is spoken to in."),
        .field("url", \.url, .string()),
        .field("model", \.model, .string(), "The name that the service knows it by."),
        .field("has_key", \.hasKey, .bool(), "Whether a key is kept for it."),
        .field("context_window", \.contextWindow, .int(), "Tokens of prompt and answer together."),
        .field("prompt_price", \.price.prompt, .double(), "Of a million tokens read."),
        .field("completion_price", \.price.completion, .double(), "Of a million tokens written."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: LanguageModel(
            id: LanguageModelID(at: moment), name: "qwen", dialect: .ollama, url: "http://127.0.0.1:11434", model: "qwen3:8b",
            hasKey: false,
            contextWindow: 8192, price: TokenPrice(), createdAt: moment, updatedAt: moment))
}

extension LanguageModelDraft {
    private static let longestKey = 1...4096

    private init(
        _ name: String?, _ dialect: ChatDialect?, _ url: String?, _ model: String?, _ key: String?, _ window: Int?, _ prompt: Double?,
        _ completion: Double?
    ) {
        self.init()
        (self.name, self.dialect, self.url, self.model) = (name, dialect, url, model)
        (apiKey, contextWindow, promptPrice, completionPrice) = (key.map(Secret.init), window, prompt, completion)
    }

    /// A key is read and never written.
    private var shownKey: String? { apiKey == nil ? nil : Secret.mask }

    private static var example: LanguageModelDraft {
        LanguageModelDraft("qwen", .ollama, "http://127.0.0.1:11434", "qwen3:8b", nil, 8192, nil, nil)
    }

    static let newSchema: Schema<LanguageModelDraft> = .object(
        "NewLanguageModel", "A language model to be.",
        .field("name", \.name, .optional(.name(1...200)), "What people and requests call it; the service's name for it when left out."),
        .field("dialect", \.dialect, .optional(.enumeration()), "`openai` when left out; `local` cannot be added."),
        .field("url", \.url, .optional(.string(1...2000)), "The service's address up to its version; of Ollama's, without a path."),
        .field("model", \.model, .optional(.string(1...200)), "The name that the service knows it by."),
        .field("api_key", \.shownKey, .optional(.secret(.string(longestKey)))),
        .field(
            "context_window", \.contextWindow, .optional(.int(256...10_000_000)),
            "Tokens of prompt and answer together; 8192 when left out."),
        .field("prompt_price", \.promptPrice, .optional(.double(0...1e9)), "Of a million tokens read."),
        .field("completion_price", \.completionPrice, .optional(.double(0...1e9)), "Of a million tokens written."),
        example: example
    ) { LanguageModelDraft($0, $1, $2, $3, $4, $5, $6, $7) }

    static let changeSchema: Schema<LanguageModelDraft> = .object(
        "LanguageModelChange", "Fields to change; those left out stay.",
        .field("name", \.name, .change(.name(1...200))),
        .field("dialect", \.dialect, .change(.enumeration())),
        .field("url", \.url, .change(.string(1...2000))),
        .field("model", \.model, .change(.string(1...200))),
        .field("api_key", \.shownKey, .change(.secret(.string(longestKey)))),
        .field("context_window", \.contextWindow, .change(.int(256...10_000_000))),
        .field("prompt_price", \.promptPrice, .change(.double(0...1e9))),
        .field("completion_price", \.completionPrice, .change(.double(0...1e9))),
        example: LanguageModelDraft(nil, nil, nil, nil, nil, 32_768, 0.5, nil)
    ) { LanguageModelDraft($0, $1, $2, $3, $4, $5, $6, $7) }
}

extension FoundModelServer {
    static let example = FoundModelServer(
        program: .ollama, url: "http://127.0.0.1:11434", dialect: .ollama, models: [Model(name: "qwen3:8b", contextWindow: nil)])

    static let schema: Schema<FoundModelServer> = .object(
        "ModelServer", "A language model server.",
        .field("program", \.program, .enumeration(), "What it seems to be."),
        .field("url", \.url, .string()),
        .field("dialect", \.dialect, .enumeration()),
        .field(
            "models", \.models,
            .array(
                .object(
                    "ServedModel", "A model of a server.", .field("name", \.name, .string()),
                    .field("context_window", \.contextWindow, .optional(.int()), "Null where the server does not tell."),
                    example: Model(name: "qwen3:8b", contextWindow: nil)))),
        example: example)
}
