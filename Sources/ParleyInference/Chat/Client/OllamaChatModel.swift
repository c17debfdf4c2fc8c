internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind Ollama's own protocol, `POST /api/chat`, whose answer is one JSON object a line.
public struct OllamaChatModel: ChatModel {
    public var descriptor: ChatModelDescriptor { caller.descriptor }
    public let tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter()
    private let caller: ChatServiceCaller

    public init(_ service: ChatService, client: RemoteClient, telemetry: Telemetry) {
        caller = ChatServiceCaller(service, client: client, telemetry: telemetry) { $0.bearer = service.apiKey }
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        caller.stream("/api/chat", body: body(request)) { stream, take in
            var decoder = OllamaStreamDecoder()
            reading: for try await chunk in stream.chunks {
                for text in try decoder.add(chunk) { take(.text(text)) }
                if decoder.isDone { break reading }
            }
            take(try decoder.end())
        }
    }

    public func checkHealth() async throws { try await caller.checkHealth("/api/tags") }

    /// The window is told with each call: the service would take a small one of its own.
    private func body(_ request: ChatRequest) -> JSONValue {
        let sampling = request.sampling
        var options: [String: JSONValue] = [
            "temperature": .double(sampling.temperature), "num_ctx": .int(Int64(caller.service.contextWindow)),
        ]
        if sampling.topP != 1 { options["top_p"] = .double(sampling.topP) }
        if let seed = sampling.seed { options["seed"] = .int(Int64(truncatingIfNeeded: seed & 0x7FFF_FFFF)) }
        if sampling.repetitionPenalty != 1 { options["repeat_penalty"] = .double(sampling.repetitionPenalty) }
        if let limit = request.maxTokens { options["num_predict"] = .int(Int64(limit)) }
        if !request.stop.isEmpty { options["stop"] = .array(request.stop.map(JSONValue.string)) }
        return [
            "model": .string(caller.service.model), "stream": true, "options": .object(options),
            "messages": .array(request.messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
        ]
    }
}

/// Reads an answer from lines of JSON. A state machine without input or output.
struct OllamaStreamDecoder {
    private static let longestLine = 1 << 20
    private var line: [UInt8] = []
    private var finish: ChatFinish?
    private var usage: ChatUsage?

    /// True after the line that says so.
    var isDone: Bool { finish != nil }

    /// The texts of the lines that these bytes complete.
    /// - Throws: what the provider says went wrong; `model.rejected` when a line is no JSON.
    mutating func add(_ bytes: some Sequence<UInt8>) throws(ParleyError) -> [String] {
        var texts: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                if line.count > Self.longestLine { throw ModelErrors.malformed("a line without an end") }
                continue
            }
            if let text = try read() { texts.append(text) }
        }
        return texts
    }

    /// How the answer ended; the last line may lack its line break.
    /// - Throws: `model.unreachable` when the stream broke off before its end.
    mutating func end() throws(ParleyError) -> ChatChunk {
        if !line.isEmpty { _ = try read() }
        guard let finish else { throw ParleyError(.modelUnreachable, "The language model's answer broke off. Ask again.") }
        return .finished(finish, usage: usage)
    }

    private mutating func read() throws(ParleyError) -> String? {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if text.allSatisfy(\.isWhitespace) { return nil }
        guard let value = try? JSONValue(parsing: text.utf8) else { throw ModelErrors.malformed(text) }
        if let error = value["error"], error != .null { throw ModelRejection(error).error }
        if value["done"]?.bool == true {
            finish = value["done_reason"]?.string == "length" ? .length : .stop
            // A prompt that was kept from the last call is not counted again by the service.
            usage = ChatUsage(
                promptTokens: value["prompt_eval_count"]?.tokenCount ?? 0,
                completionTokens: value["eval_count"]?.tokenCount ?? 0)
        }
        let piece = value["message"]?["content"]?.string
        return piece?.isEmpty == false ? piece : nil
    }
}
