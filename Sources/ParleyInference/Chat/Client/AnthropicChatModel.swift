internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind an endpoint that speaks Anthropic's Messages protocol, `POST /messages`.
public struct AnthropicChatModel: ChatModel {
    /// The protocol's revision; newer services keep speaking it.
    private static let revision = "2023-06-01"

    public var descriptor: ChatModelDescriptor { caller.descriptor }
    public let tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter()
    private let caller: ChatServiceCaller

    public init(_ service: ChatService, client: RemoteClient, telemetry: Telemetry) {
        caller = ChatServiceCaller(service, client: client, telemetry: telemetry) { request in
            request.headers.append(("anthropic-version", Self.revision))
            if let key = service.apiKey { request.headers.append(("x-api-key", key.revealed)) }
        }
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        caller.stream("/messages", body: AnthropicCall.body(request, model: caller.service.model)) { stream, take in
            var decoder = AnthropicStreamDecoder()
            for try await event in stream.events {
                if let text = try decoder.add(event.data) { take(.text(text)) }
                if decoder.isDone { break }
            }
            take(try decoder.end())
        }
    }

    public func checkHealth() async throws { try await caller.checkHealth("/models") }
}

/// Writes the body of a call. Instructions stand apart from the turns, and a limit is always needed.
enum AnthropicCall {
    private static let standardLimit = 1024

    static func body(_ request: ChatRequest, model: String) -> JSONValue {
        let sampling = request.sampling
        let system = request.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        let turns = request.messages.filter { $0.role != .system }.map { turn -> JSONValue in
            ["role": .string(turn.role.rawValue), "content": .string(turn.content)]
        }
        var fields: [String: JSONValue] = [
            "model": .string(model), "messages": .array(turns), "stream": true,
            "max_tokens": .int(Int64(request.maxTokens ?? standardLimit)), "temperature": .double(min(sampling.temperature, 1)),
        ]
        if !system.isEmpty { fields["system"] = .string(system) }
        if sampling.topP != 1 { fields["top_p"] = .double(sampling.topP) }
        if !request.stop.isEmpty { fields["stop_sequences"] = .array(request.stop.map(JSONValue.string)) }
        return .object(fields)
    }
}

/// Reads an answer from the events of a Messages stream. A state machine without input or output; kinds of events and of
/// pieces that it does not know are passed over, as the protocol asks.
struct AnthropicStreamDecoder {
    private var finish: ChatFinish?
    private var usage: ChatUsage?
    /// True after `message_stop`.
    private(set) var isDone = false

    /// The text of one event, if it has any.
    /// - Throws: what the provider says went wrong; `model.rejected` when it is no JSON.
    mutating func add(_ data: String) throws(ParleyError) -> String? {
        guard let value = try? JSONValue(parsing: data.utf8) else { throw ModelErrors.malformed(data) }
        switch value["type"]?.string {
        case "error": throw ModelRejection(value["error"] ?? value).error
        case "message_start": take(value["message"]?["usage"])
        case "content_block_delta":
            let text = value["delta"]?["type"]?.string == "text_delta" ? value["delta"]?["text"]?.string : nil
            return text?.isEmpty == false ? text : nil
        case "message_delta":
            if let reason = value["delta"]?["stop_reason"]?.string { finish = Self.finish(reason) }
            take(value["usage"])
        case "message_stop": isDone = true
        default: break
        }
        return nil
    }

    /// How the answer ended.
    /// - Throws: `model.unreachable` when the stream broke off before its end.
    func end() throws(ParleyError) -> ChatChunk {
        guard isDone || finish != nil else {
            throw ParleyError(.modelUnreachable, "The language model's answer broke off. Ask again.")
        }
        return .finished(finish ?? .stop, usage: usage)
    }

    /// What was read from a cache was read all the same. Later counts replace earlier ones.
    private mutating func take(_ value: JSONValue?) {
        func count(_ name: String) -> Int? { value?[name]?.tokenCount }
        var sum = usage ?? ChatUsage(promptTokens: 0, completionTokens: 0)
        if let input = count("input_tokens") {
            sum.promptTokens = input + (count("cache_read_input_tokens") ?? 0) + (count("cache_creation_input_tokens") ?? 0)
        }
        if let written = count("output_tokens") { sum.completionTokens = written }
        if value != nil { usage = sum }
    }

    private static func finish(_ reason: String) -> ChatFinish {
        switch reason {
        case "max_tokens", "model_context_window_exceeded": .length
        case "refusal": .filtered
        default: .stop
        }
    }
}
