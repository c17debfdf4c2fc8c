internal import ParleyCore
internal import ParleyRemote
internal import ParleyTelemetry

/// What the clients of chat services over HTTP do alike: one streamed call whose chunks are counted, and a look whether the service is there.
struct ChatServiceCaller: Sendable {
    let service: ChatService
    private let client: RemoteClient
    private let telemetry: Telemetry
    /// Puts the key into a request, as the protocol has it.
    private let sign: @Sendable (inout RemoteRequest) -> Void

    init(_ service: ChatService, client: RemoteClient, telemetry: Telemetry, sign: @escaping @Sendable (inout RemoteRequest) -> Void) {
        (self.service, self.client, self.telemetry, self.sign) = (service, client, telemetry, sign)
        telemetry.metrics.register(ModelMetrics.all)
    }

    var descriptor: ChatModelDescriptor { ChatModelDescriptor(name: service.model, contextWindow: service.contextWindow) }

    /// - Throws: an error of a chat model.
    func checkHealth(_ path: String) async throws {
        var request = RemoteRequest("model.health", url: service.base + path)
        sign(&request)
        request.deadline = .seconds(2)
        do { _ = try await client.send(request) } catch { throw ModelErrors.map(error) }
    }

    /// - Parameter read: gives the answer's chunks, the last one the one that tells how it ended.
    func stream(
        _ path: String, body: JSONValue, read: @escaping @Sendable (RemoteStream, (ChatChunk) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<ChatChunk, any Error> {
        ChatStreaming.stream { output in
            var call = try RemoteRequest.json("model.chat", url: service.base + path, body: body)
            sign(&call)
            call.idleTimeout = service.idleTimeout
            call.idempotent = true
            var meter = AnswerMeter(telemetry, model: service.model)
            try await client.stream(call) { stream in try await read(stream) { meter.take($0, output) } }
        }
    }
}
