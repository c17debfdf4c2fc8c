internal import ParleyCore
internal import ParleyRemote
internal import ParleyTelemetry

/// What the clients of chat services do alike, whatever their protocol: one streamed call whose chunks are counted, made again in the form
/// that the service takes where it refuses a field, a role or a length, which is remembered; and a look whether the service is there.
struct ChatCaller: Sendable {
    /// What the protocols differ in.
    struct Dialect<Decoder: AnswerDecoder>: Sendable {
        let path: String
        /// Fields that no call can do without.
        var required: Set<String> = ["model", "messages"]
        /// The fields of a call; messages are arranged as every service takes them.
        let fields: @Sendable (ChatRequest) -> [String: JSONValue]
    }

    /// Tries that each taught something.
    private static let mostTries = 8
    /// How long usage is waited for when an answer is whole.
    private static let grace = Duration.seconds(1)
    /// How many times as long as its silence a stream may be kept alive without anything new.
    private static let patience = 5
    /// A rate limit that passes sooner is waited for.
    private static let longestWait = Duration.seconds(5)
    private static let longestAnswer = ByteSize.mib(64)

    let service: ChatService
    private let client: RemoteClient
    private let telemetry: Telemetry
    private let counter: any AnswerTokenCounter
    private let endpoint: @Sendable () async throws -> ModelEndpoint
    /// Puts the key into a request, as the protocol has it.
    private let sign: @Sendable (inout RemoteRequest, Secret?) -> Void
    private let known: KnownHabits

    init(
        _ service: ChatService, client: RemoteClient, telemetry: Telemetry, counter: any AnswerTokenCounter,
        endpoint: (@Sendable () async throws -> ModelEndpoint)? = nil,
        sign: @escaping @Sendable (inout RemoteRequest, Secret?) -> Void = { $0.bearer = $1 }
    ) {
        (self.service, self.client, self.telemetry, self.counter) = (service, client, telemetry, counter)
        self.sign = sign
        self.endpoint = endpoint ?? { ModelEndpoint(base: service.base, bearer: service.apiKey) }
        var habits = ServiceHabits()
        if !service.mayThink { habits.form = .apart }
        known = KnownHabits(habits)
        telemetry.metrics.register(ModelMetrics.all)
    }

    var descriptor: ChatModelDescriptor { ChatModelDescriptor(name: service.model, contextWindow: service.contextWindow) }

    /// - Throws: an error of a chat model.
    func checkHealth(_ path: String) async throws {
        do {
            let endpoint = try await endpoint()
            var request = RemoteRequest("model.health", url: endpoint.base + path)
            sign(&request, endpoint.bearer)
            request.deadline = .seconds(2)
            _ = try await client.send(request)
        } catch { throw ModelErrors.map(error) }
    }

    func stream<Decoder>(_ request: ChatRequest, _ dialect: Dialect<Decoder>) -> AsyncThrowingStream<ChatChunk, any Error> {
        ChatStreaming.stream { try await write(request, dialect, to: $0) }
    }

    private func write<Decoder>(
        _ request: ChatRequest, _ dialect: Dialect<Decoder>, to output: AsyncThrowingStream<ChatChunk, any Error>.Continuation
    ) async throws {
        var habits = known.now
        var meter = AnswerMeter(telemetry, model: service.model)
        var spent: ChatUsage?
        for attempt in 1...Self.mostTries {
            var sent: [String: JSONValue] = [:]
            var hasShown = false
            do {
                let reading = try await call(request, dialect, habits, &sent) {
                    if case .reasoning = $0 {} else { hasShown = true }
                    meter.take($0, output)
                }
                if habits.form != .unopened { habits.form = reading.form }
                known.learn(habits)
                let ending = reading.ending
                spent = spent.flatMap { spent in ending.usage.map { spent + $0 } } ?? ending.usage ?? spent
                // All its tokens went into thinking.
                if !reading.hasText, ending.finish == .length, needsRoom(request, habits), attempt < Self.mostTries {
                    habits.thinks = true
                    continue
                }
                return meter.take(.finished(ending.finish ?? .stop, usage: spent), output)
            } catch {
                guard !hasShown, attempt < Self.mostTries,
                    let rejection = (ModelErrors.map(error) as? ParleyError)?.cause as? ModelRejection,
                    habits.learn(rejection, from: sent, required: dialect.required)
                else { throw error }
            }
        }
    }

    /// One call.
    private func call<Decoder>(
        _ request: ChatRequest, _ dialect: Dialect<Decoder>, _ habits: ServiceHabits, _ sent: inout [String: JSONValue],
        _ give: (ChatChunk) -> Void
    ) async throws -> AnswerReading<Decoder> {
        var request = request
        request.messages = ArrangedTurns.arranged(request.messages, folding: habits.foldsInstructions)
        request.maxTokens = request.maxTokens.map { $0 + room(for: request, habits, beside: $0) }
        sent = habits.adjusted(dialect.fields(request))
        let endpoint = try await endpoint()
        var call = try RemoteRequest.json("model.chat", url: endpoint.base + dialect.path, body: JSONValue.object(sent))
        sign(&call, endpoint.bearer)
        (call.idleTimeout, call.deadline, call.longestWait) = (service.idleTimeout, service.idleTimeout, Self.longestWait)
        (call.idempotent, call.maxResponse) = (true, Self.longestAnswer)
        let stop = habits.without.isDisjoint(with: ["stop", "stop_sequences"]) ? [] : request.stop
        let tokens = request.maxTokens ?? service.contextWindow
        return try await client.stream(call) { stream in
            // It took the call as it was.
            known.learn(habits)
            var reading = AnswerReading<Decoder>(habits.form, stop: stop, tokens: tokens, now: .now)
            try await read(stream, &reading, give)
            return reading
        }
    }

    private func read<Decoder>(_ stream: RemoteStream, _ reading: inout AnswerReading<Decoder>, _ give: (ChatChunk) -> Void) async throws {
        var chunks = stream.chunks.makeAsyncIterator()
        do {
            while !reading.isOver, let bytes = try await chunks.next(within: wait(reading)) {
                for chunk in try reading.add(bytes, now: .now) { give(chunk) }
            }
        } catch let error as ParleyError where reading.isFinished && [.remoteTimeout, .remoteUnreachable].contains(error.code) {
            // Neither an end of the stream nor usage came, which nothing depends on.
        } catch {
            for chunk in (try? reading.end(now: .now)) ?? [] { give(chunk) }
            throw error
        }
        for chunk in try reading.end(now: .now) { give(chunk) }
        guard reading.hasEnd else { throw ModelErrors.brokenOff }
    }

    /// How long the next bytes are waited for: keeping a connection alive is no answer.
    private func wait<Decoder>(_ reading: AnswerReading<Decoder>) -> Duration {
        let patience = reading.isFinished ? Self.grace : service.idleTimeout * Self.patience  // fits: by a constant
        return min(service.idleTimeout, patience - (ContinuousClock.now - reading.news))
    }

    /// Tokens for thinking, as far as the window has them beside prompt and answer.
    private func room(for request: ChatRequest, _ habits: ServiceHabits, beside tokens: Int) -> Int {
        guard habits.thinks, request.allowsThinking else { return 0 }
        let left = service.contextWindow - counter.tokenCount(of: request.messages) - tokens
        return min(service.thinkingTokens, max(0, left))
    }

    private func needsRoom(_ request: ChatRequest, _ habits: ServiceHabits) -> Bool {
        !habits.thinks && request.allowsThinking && service.mayThink && service.thinkingTokens > 0
    }
}
