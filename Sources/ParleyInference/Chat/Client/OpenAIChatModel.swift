internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind any endpoint that speaks OpenAI's `POST /chat/completions`, our own embedded one among them.
public struct OpenAIChatModel: ChatModel {
    public var descriptor: ChatModelDescriptor { caller.descriptor }
    public let tokenCounter: any AnswerTokenCounter
    private let caller: ChatCaller

    /// - Parameter endpoint: where the model is, asked for at each call, such as `ModelSupervisor.endpoint`; nil for the service's own address.
    public init(
        _ service: ChatService, client: RemoteClient, telemetry: Telemetry,
        tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter(), endpoint: (@Sendable () async throws -> ModelEndpoint)? = nil
    ) {
        self.tokenCounter = tokenCounter
        caller = ChatCaller(service, client: client, telemetry: telemetry, counter: tokenCounter, endpoint: endpoint)
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        let model = descriptor.name
        return caller.stream(
            request, ChatCaller.Dialect<OpenAIAnswerDecoder>(path: "/chat/completions") { ChatCompletionCall.fields($0, model: model) })
    }

    public func checkHealth() async throws { try await caller.checkHealth("/models") }
}

/// Writes the fields of a call. What stands at the protocol's default is left out, since not every provider takes every field.
enum ChatCompletionCall {
    static func fields(_ request: ChatRequest, model: String) -> [String: JSONValue] {
        let sampling = request.sampling
        var fields: [String: JSONValue] = [
            "model": .string(model), "messages": .array(request.messages.map(message)), "temperature": .double(sampling.temperature),
            "stream": true, "stream_options": ["include_usage": true],
        ]
        if sampling.topP != 1 { fields["top_p"] = .double(sampling.topP) }
        if let seed = sampling.seed { fields["seed"] = .int(Int64(bitPattern: seed)) }
        if sampling.frequencyPenalty != 0 { fields["frequency_penalty"] = .double(sampling.frequencyPenalty) }
        if sampling.presencePenalty != 0 { fields["presence_penalty"] = .double(sampling.presencePenalty) }
        if sampling.repetitionPenalty != 1 { fields["repetition_penalty"] = .double(sampling.repetitionPenalty) }
        if !request.stop.isEmpty { fields["stop"] = .array(request.stop.map(JSONValue.string)) }
        if let limit = request.maxTokens { fields["max_tokens"] = .int(Int64(limit)) }
        return fields
    }

    static func message(_ message: ChatMessage) -> JSONValue {
        ["role": .string(message.role.rawValue), "content": .string(message.content)]
    }
}
