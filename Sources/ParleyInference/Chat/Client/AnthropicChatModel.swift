internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind an endpoint that speaks Anthropic's Messages protocol, `POST /messages`.
public struct AnthropicChatModel: ChatModel {
    /// The protocol's revision; newer services keep speaking it.
    private static let revision = "2023-06-01"

    public var descriptor: ChatModelDescriptor { caller.descriptor }
    public let tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter()
    private let caller: ChatCaller

    public init(_ service: ChatService, client: RemoteClient, telemetry: Telemetry) {
        caller = ChatCaller(service, client: client, telemetry: telemetry, counter: tokenCounter, sign: Self.sign)
    }

    private static func sign(_ request: inout RemoteRequest, _ key: Secret?) {
        request.headers.append(("anthropic-version", revision))
        if let key { request.headers.append(("x-api-key", key.revealed)) }
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let model = descriptor.name
        let dialect = ChatCaller.Dialect<AnthropicAnswerDecoder>(
            path: "/messages", required: ["model", "messages", "max_tokens"]
        ) { AnthropicCall.fields($0, model: model) }
        return caller.stream(request, dialect)
    }

    public func checkHealth() async throws { try await caller.checkHealth("/models") }
}

/// Writes the fields of a call. Instructions stand apart from the turns, and a limit is always needed.
enum AnthropicCall {
    private static let standardLimit = 1024

    static func fields(_ request: ChatRequest, model: String) -> [String: JSONValue] {
        let sampling = request.sampling
        let system = request.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        let turns = request.messages.filter { $0.role != .system }.map(ChatCompletionCall.message)
        var fields: [String: JSONValue] = [
            "model": .string(model), "messages": .array(turns), "stream": true,
            "max_tokens": .int(Int64(request.maxTokens ?? standardLimit)), "temperature": .double(min(sampling.temperature, 1)),
        ]
        if !system.isEmpty { fields["system"] = .string(system) }
        if sampling.topP != 1 { fields["top_p"] = .double(sampling.topP) }
        if !request.stop.isEmpty { fields["stop_sequences"] = .array(request.stop.map(JSONValue.string)) }
        return fields
    }
}

/// Reads an answer from the events of a Messages stream, or a whole message. Kinds of events and of pieces that it does not know are passed
/// over, as the protocol asks.
struct AnthropicAnswerDecoder: AnswerDecoder {
    private(set) var ending = AnswerEnding()

    mutating func add(_ value: JSONValue) throws(ParleyError) -> [AnswerPiece] {
        if let rejection = ModelRejection(in: value, answer: "type") { throw rejection.error }
        switch value["type"]?.string {
        case "message_start": take(value["message"]?["usage"])
        case "content_block_start":
            if value["content_block"]?["type"]?.string?.hasSuffix("tool_use") == true { ending.asksForTool = true }
            return ContentParts.pieces(of: value["content_block"])
        case "content_block_delta": return piece(value["delta"])
        case "message_delta":
            if let finish = value["delta"]?["stop_reason"]?.string.flatMap(ChatFinish.init(told:)) { ending.finish = finish }
            take(value["usage"])
        case "message_stop": ending.isDone = true
        case "message":
            take(value["usage"])
            ending.finish = value["stop_reason"]?.string.flatMap(ChatFinish.init(told:)) ?? .stop
            ending.asksForTool = value["content"]?.array?.contains { $0["type"] == "tool_use" } ?? false
            return ContentParts.pieces(of: value["content"])
        default: break
        }
        return []
    }

    private func piece(_ delta: JSONValue?) -> [AnswerPiece] {
        switch delta?["type"]?.string {
        case "text_delta": ContentParts.pieces(of: delta?["text"])
        case "thinking_delta": ContentParts.pieces(of: delta?["thinking"], isReasoning: true)
        default: []
        }
    }

    /// What was read from a cache was read all the same. Later counts replace earlier ones.
    private mutating func take(_ value: JSONValue?) {
        func count(_ name: String) -> Int? { value?[name]?.tokenCount }
        var sum = ending.usage ?? ChatUsage(promptTokens: 0, completionTokens: 0)
        if let input = count("input_tokens") {
            sum.promptTokens = input + (count("cache_read_input_tokens") ?? 0) + (count("cache_creation_input_tokens") ?? 0)
        }
        if let written = count("output_tokens") { sum.completionTokens = written }
        if value != nil { ending.usage = sum }
    }
}
