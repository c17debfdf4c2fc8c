import ParleyCore
import ParleyHTTP

/// The body of a response.
struct ResponseInput: Sendable {
    let model: String
    let input: JSONValue
    var instructions: String?
    var previous: String?
    var stream: Bool?
    var store: Bool?
    var background: Bool?
    var temperature: Double?
    var topP: Double?
    var maxTokens: Int?
    var notes: [String: String]?

    var isStream: Bool { stream ?? false }
    var isStored: Bool { store ?? true }
    var isBackground: Bool { background ?? false }
    var metadata: [String: String] { notes ?? [:] }
    var sampling: OpenAISampling { OpenAISampling(temperature: temperature, topP: topP, maxTokens: maxTokens) }

    /// - Throws: `input.invalid`.
    func conversation() throws -> OpenAIConversation {
        if let text = input.string {
            return try OpenAIConversation([OpenAIMessage(["role": "user", "content": .string(text)], "/input")], pointer: "/input")
        }
        guard let items = input.array else {
            throw ParleyError(.invalidInput, "The input is not valid.", fields: [FieldError("/input", "must be text or a list of items")])
        }
        // Items of other kinds, such as calls of tools, say nothing to the documents.
        let messages = try items.enumerated().filter { $1["type"] == nil || $1["type"]?.string == "message" }.map {
            try OpenAIMessage($1, "/input/\($0)")
        }
        return try OpenAIConversation(messages, pointer: "/input")
    }

    /// The answer that this one follows.
    /// - Throws: `response.not_found`.
    func previousAnswer() throws -> MessageID? {
        guard let previous else { return nil }
        guard let id = ResponseOutput.message(of: previous) else { throw ResponseOutput.unknown }
        return id
    }

    static let schema: Schema<ResponseInput> = .object(
        "OpenAIResponse", "A response, as OpenAI's protocol has it; fields beyond these are passed over.",
        .field("model", \.model, .string(1...300), "A project: its id, or its name. `ID:MODEL` chooses the language model too."),
        .field("input", \.input, .json(), "The question, or a list of items whose last is the question."),
        .field("instructions", \.instructions, .optional(.string(0...20_000))),
        .field("previous_response_id", \.previous, .optional(.string(0...100)), "The answer that the question follows."),
        .field("stream", \.stream, .optional(.bool())),
        .field("store", \.store, .optional(.bool()), "Keep the conversation as a thread; true when left out."),
        .field("background", \.background, .optional(.bool()), "Answer at once, and make the response meanwhile."),
        .field("temperature", \.temperature, .optional(.double(0...2))),
        .field("top_p", \.topP, .optional(.double(0...1))),
        .field("max_output_tokens", \.maxTokens, .optional(.int(1...1_000_000))),
        .field("metadata", \.notes, .optional(.map(.string(0...512), atMost: 16))),
        ignoresUnknown: true,
        example: ResponseInput(model: "prj_01M0000000000000000000000", input: "When is the office open?"),
        construct: ResponseInput.init)
}
