import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import Retrieval

/// Gives an answer's events to whoever may see it: live while it is made in this process, from the stored log otherwise.
struct AnswerFollower: Sendable {
    /// How often the stored log is read while another process makes the answer.
    private static let poll = Duration.milliseconds(250)

    private let service: ConversationService
    private let store = AnswerEventStore()

    init(_ service: ConversationService) { self.service = service }

    /// Events after this number, up to the last one.
    /// - Throws: `thread.not_found`, `message.not_found`.
    func follow(_ id: MessageID, of thread: ThreadID, after number: Int, _ scope: ProjectScope) async throws -> AsyncStream<ServerSentEvent>
    {
        _ = try await service.message(id, of: thread, scope)
        let (stream, continuation) = AsyncStream<ServerSentEvent>.makeStream(bufferingPolicy: .unbounded)
        let pump = Task {
            defer { continuation.finish() }
            var last = number
            while !Task.isCancelled {
                guard let ended = try? await send(id, thread, after: &last, scope, continuation), !ended else { return }
            }
        }
        continuation.onTermination = { _ in pump.cancel() }
        return stream
    }

    /// Sends what there is; true once the last event was sent.
    private func send(
        _ id: MessageID, _ thread: ThreadID, after last: inout Int, _ scope: ProjectScope,
        _ continuation: AsyncStream<ServerSentEvent>.Continuation
    ) async throws -> Bool {
        if let live = service.hub.watch(id, after: last) {
            for await event in live {
                continuation.yield(try await encode(event, id, thread, scope))
                last = event.number
                if event.event.isLast { return true }
            }
        }
        // Asked before the events are read: what is over then has stored them all.
        let isOver = try await service.message(id, of: thread, scope).state != .generating
        let after = last
        let stored = try await service.database.read { try store.events(of: id, after: after, in: $0) }
        for event in stored {
            continuation.yield(try await encode(event, id, thread, scope))
            last = event.number
            if event.event.isLast { return true }
        }
        if isOver { return true }
        if stored.isEmpty { try await Task.sleep(for: Self.poll) }
        return false
    }

    private func encode(_ numbered: NumberedAnswerEvent, _ id: MessageID, _ thread: ThreadID, _ scope: ProjectScope) async throws
        -> ServerSentEvent
    {
        let number = "\(numbered.number)"
        switch numbered.event {
        case .retrieval(let passages, let degraded):
            return ServerSentEvent(
                "retrieval", id: number, data: RetrievalNotice(passages: passages, degraded: degraded), RetrievalNotice.schema)
        case .text(let text): return ServerSentEvent("text", id: number, data: TextDelta(text: text), TextDelta.schema)
        case .citation(let citation): return ServerSentEvent("citation", id: number, data: citation, Citation.schema)
        case .usage(let usage): return ServerSentEvent("usage", id: number, data: usage, TokenUsage.schema)
        case .restarted(let attempt):
            return ServerSentEvent("restarted", id: number, data: RestartNotice(attempt: attempt), RestartNotice.schema)
        case .done, .cancelled:
            let message = try await service.message(id, of: thread, scope)
            return ServerSentEvent("done", id: number, data: DoneNotice(message: message), DoneNotice.schema)
        case .failed(let failure): return ServerSentEvent("error", id: number, data: failure, AnswerFailure.schema)
        }
    }
}

/// What was found, before any text.
struct RetrievalNotice: Sendable {
    let passages: [Passage]
    let degraded: [Degradation]

    static let schema: Schema<RetrievalNotice> = .object(
        "RetrievalNotice", "The passages the answer may draw on.",
        .field("passages", \.passages, .array(Passage.schema)),
        .field("degraded", \.degraded, .array(Degradation.schema)),
        example: RetrievalNotice(passages: [], degraded: []))
}

/// More of an answer's text.
struct TextDelta: Sendable {
    let text: String

    static let schema: Schema<TextDelta> = .object(
        "TextDelta", "More of the answer.", .field("text", \.text, .string()), example: TextDelta(text: "From nine "))
}

/// Generation began again.
struct RestartNotice: Sendable {
    let attempt: Int

    static let schema: Schema<RestartNotice> = .object(
        "RestartNotice", "What came before is void.", .field("attempt", \.attempt, .int()), example: RestartNotice(attempt: 2))
}

/// The answer as it was stored.
struct DoneNotice: Sendable {
    let message: Message

    static let schema: Schema<DoneNotice> = .object(
        "DoneNotice", "The whole answer.", .field("message", \.message, Message.schema), example: DoneNotice(message: Message.example))
}
