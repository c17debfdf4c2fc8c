internal import Foundation
internal import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// A chat model behind any endpoint that speaks OpenAI's `POST /chat/completions`, our own embedded one among them.
public struct OpenAIChatModel: ChatModel {
    public struct Configuration: Sendable {
        /// The name that the endpoint knows the model by.
        public var name: String
        /// Tokens of prompt and answer together.
        public var contextWindow: Int
        /// The longest silence of a stream, which includes the time that a question waits for its turn.
        public var idleTimeout = Duration.seconds(120)

        public init(name: String, contextWindow: Int) { (self.name, self.contextWindow) = (name, contextWindow) }
    }

    public var descriptor: ChatModelDescriptor {
        ChatModelDescriptor(name: configuration.name, contextWindow: configuration.contextWindow)
    }
    public let tokenCounter: any AnswerTokenCounter
    private let configuration: Configuration
    private let client: RemoteClient
    private let telemetry: Telemetry
    private let endpoint: @Sendable () async throws -> ModelEndpoint

    /// - Parameter endpoint: where the model is, asked for at each call: a constant, or `ModelSupervisor.endpoint`.
    public init(
        _ configuration: Configuration, client: RemoteClient, telemetry: Telemetry,
        tokenCounter: any AnswerTokenCounter = EstimatedTokenCounter(), endpoint: @escaping @Sendable () async throws -> ModelEndpoint
    ) {
        (self.configuration, self.client, self.telemetry, self.endpoint) = (configuration, client, telemetry, endpoint)
        self.tokenCounter = tokenCounter
        telemetry.metrics.register(ModelMetrics.all)
    }

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        ChatStreaming.stream { try await write(request, to: $0) }
    }

    public func checkHealth() async throws {
        do {
            let endpoint = try await endpoint()
            var request = RemoteRequest("model.health", url: endpoint.base + "/models")
            request.bearer = endpoint.bearer
            request.deadline = .seconds(2)
            _ = try await client.send(request)
        } catch { throw ModelErrors.map(error) }
    }

    private func write(_ request: ChatRequest, to output: AsyncThrowingStream<ChatChunk, any Error>.Continuation) async throws {
        let endpoint = try await endpoint()
        var call = try RemoteRequest.json(
            "model.chat", url: endpoint.base + "/chat/completions", body: ChatCompletionCall.body(request, model: configuration.name))
        call.bearer = endpoint.bearer
        call.idleTimeout = configuration.idleTimeout
        call.idempotent = true
        var meter = AnswerMeter(telemetry, model: configuration.name)
        try await client.stream(call) { stream in
            var decoder = ChatStreamDecoder()
            if stream.headers["content-type"]?.lowercased().hasPrefix("application/json") == true {
                try await readWhole(stream, &decoder) { meter.take($0, output) }
            } else {
                for try await event in stream.events {
                    if let text = try decoder.add(event.data) { meter.take(.text(text), output) }
                    if decoder.isDone { break }
                }
            }
            meter.take(try decoder.end(), output)
        }
    }

    /// Some endpoints pass over `stream` and send the answer in one piece.
    private func readWhole(_ stream: RemoteStream, _ decoder: inout ChatStreamDecoder, _ take: (ChatChunk) -> Void) async throws {
        var bytes: [UInt8] = []
        for try await chunk in stream.chunks where bytes.count < 8 << 20 { bytes += chunk }
        if let text = try decoder.add(String(decoding: bytes, as: UTF8.self)) { take(.text(text)) }
    }
}
