import ParleyCore
import ParleyHTTP

/// The body of a chat completion.
struct ChatCompletionInput: Sendable {
    let model: String
    let messages: [JSONValue]
    var stream: Bool?
    var streamOptions: JSONValue?
    var temperature: Double?
    var topP: Double?
    var maxTokens: Int?
    /// The newer name of the same.
    var maxCompletionTokens: Int?
    var seed: Int?
    var stop: JSONValue?
    var store: Bool?

    var isStream: Bool { stream ?? false }
    var isStored: Bool { store ?? false }
    /// Whether the tokens stand in a last chunk of the stream.
    var includesUsage: Bool { streamOptions?["include_usage"]?.bool ?? false }
    var sampling: OpenAISampling {
        OpenAISampling(temperature: temperature, topP: topP, maxTokens: maxCompletionTokens ?? maxTokens, seed: seed, stop: stop)
    }

    /// - Throws: `input.invalid`.
    func conversation() throws -> OpenAIConversation {
        let read = try messages.enumerated().map { try OpenAIMessage($1, "/messages/\($0)") }
        return try OpenAIConversation(read, pointer: "/messages")
    }

    static let schema: Schema<ChatCompletionInput> = .object(
        "OpenAIChatCompletion", "A chat completion, as OpenAI's protocol has it; fields beyond these are passed over.",
        .field("model", \.model, .string(1...300), "A project: its id, or its name. `ID:MODEL` chooses the language model too."),
        .field("messages", \.messages, .array(.json(), 1...2000), "The last one is the question."),
        .field("stream", \.stream, .optional(.bool())),
        .field("stream_options", \.streamOptions, .optional(.json())),
        .field("temperature", \.temperature, .optional(.double(0...2))),
        .field("top_p", \.topP, .optional(.double(0...1))),
        .field("max_tokens", \.maxTokens, .optional(.int(1...1_000_000))),
        .field("max_completion_tokens", \.maxCompletionTokens, .optional(.int(1...1_000_000))),
        .field("seed", \.seed, .optional(.int())),
        .field("stop", \.stop, .optional(.json())),
        .field("store", \.store, .optional(.bool()), "Keep the conversation as a thread."),
        ignoresUnknown: true,
        example: ChatCompletionInput(
            model: "prj_01M0000000000000000000000", messages: [["role": "user", "content": "When is the office open?"]], temperature: 0.2),
        construct: ChatCompletionInput.init)
}

/// How the next token is chosen, and when to stop.
struct OpenAISampling: Sendable {
    var temperature: Double?
    var topP: Double?
    var maxTokens: Int?
    var seed: Int?
    var stop: JSONValue?

    /// - Throws: `input.invalid`.
    func options(model: String?, instructions: [String]) throws -> AnswerOptions {
        var options = AnswerOptions()
        (options.model, options.temperature, options.topP, options.maxTokens) = (model, temperature, topP, maxTokens)
        options.seed = seed.map { UInt64(bitPattern: Int64($0)) }
        options.stop = try OpenAIField.texts(stop, "/stop")
        options.instructions = instructions.isEmpty ? nil : instructions.joined(separator: "\n\n")
        return options
    }
}
