internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind Ollama's own protocol, `POST /api/chat`, whose answer is one JSON object a line.
public struct OllamaChatModel: ChatModel {
    public var descriptor: ChatModelDescriptor { caller.descriptor }
    public let tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter()
    private let caller: ChatCaller

    public init(_ service: ChatService, client: RemoteClient, telemetry: Telemetry) {
        caller = ChatCaller(service, client: client, telemetry: telemetry, counter: tokenCounter)
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let (model, window) = (descriptor.name, descriptor.contextWindow)
        return caller.stream(
            request, ChatCaller.Dialect<OllamaAnswerDecoder>(path: "/api/chat") { OllamaCall.fields($0, model: model, window: window) })
    }

    public func checkHealth() async throws { try await caller.checkHealth("/api/tags") }
}

/// Writes the fields of a call. The window is told with each: the service would take a small one of its own.
enum OllamaCall {
    static func fields(_ request: ChatRequest, model: String, window: Int) -> [String: JSONValue] {
        let sampling = request.sampling
        var options: [String: JSONValue] = ["temperature": .double(sampling.temperature), "num_ctx": .int(Int64(window))]
        if sampling.topP != 1 { options["top_p"] = .double(sampling.topP) }
        if let seed = sampling.seed { options["seed"] = .int(Int64(truncatingIfNeeded: seed & 0x7FFF_FFFF)) }
        if sampling.repetitionPenalty != 1 { options["repeat_penalty"] = .double(sampling.repetitionPenalty) }
        if let limit = request.maxTokens { options["num_predict"] = .int(Int64(limit)) }
        if !request.stop.isEmpty { options["stop"] = .array(request.stop.map(JSONValue.string)) }
        return [
            "model": .string(model), "stream": true, "options": .object(options),
            "messages": .array(request.messages.map(ChatCompletionCall.message)),
        ]
    }
}

/// Reads an answer from its objects.
struct OllamaAnswerDecoder: AnswerDecoder {
    private(set) var ending = AnswerEnding()

    mutating func add(_ value: JSONValue) throws(ParleyError) -> [AnswerPiece] {
        if let rejection = ModelRejection(in: value, answer: "done") { throw rejection.error }
        let message = value["message"]
        if message?["tool_calls"]?.array?.isEmpty == false { ending.asksForTool = true }
        if value["done"]?.bool == true {
            ending.finish = value["done_reason"]?.string.flatMap(ChatFinish.init(told:)) ?? .stop
            ending.isDone = true
            // A prompt that was kept from the last call is not counted again by the service.
            ending.usage = ChatUsage(
                promptTokens: value["prompt_eval_count"]?.tokenCount ?? 0, completionTokens: value["eval_count"]?.tokenCount ?? 0)
        }
        return ContentParts.pieces(of: message?["thinking"], isReasoning: true) + ContentParts.pieces(of: message?["content"])
    }
}
