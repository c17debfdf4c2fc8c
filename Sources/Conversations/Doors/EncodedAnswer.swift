import ParleyAuthority
import ParleyCore
import ParleyHTTP
import Synchronization

/// Writes an answer's events in the form of a foreign protocol.
protocol AnswerEncoder: Sendable {
    /// What goes on the wire for this event.
    mutating func encode(_ event: AnswerEvent) -> [ServerSentEvent]
    /// What goes on the wire when the answer is over, with the message as it is stored.
    mutating func end(_ message: Message) -> [ServerSentEvent]
    /// What goes on the wire when the answer cannot be given to its end.
    mutating func fail(_ error: ParleyError) -> [ServerSentEvent]
}

/// An answer's events in the form of a foreign protocol, up to its end. Errors are told in that form too.
struct EncodedAnswer<Encoder: AnswerEncoder>: AsyncSequence, Sendable {
    let followed: FollowedAnswer
    let encoder: Encoder
    let lease: AnswerLease

    func makeAsyncIterator() -> Iterator { Iterator(answer: self, events: followed.makeAsyncIterator(), encoder: encoder) }

    struct Iterator: AsyncIteratorProtocol {
        let answer: EncodedAnswer
        var events: FollowedAnswer.Iterator
        var encoder: Encoder
        var waiting: ArraySlice<ServerSentEvent> = []
        var isOver = false
        var hasText = false

        mutating func next() async throws -> ServerSentEvent? {
            while true {
                if let event = waiting.popFirst() { return event }
                if isOver { return nil }
                do {
                    waiting = try await more()[...]
                } catch let error as ParleyError {
                    isOver = true
                    waiting = encoder.fail(error)[...]
                }
            }
        }

        private mutating func more() async throws -> [ServerSentEvent] {
            guard let event = try await events.nextEvent()?.event else { return try await end() }
            switch event {
            case .done, .cancelled, .failed: return try await end()
            case .restarted where hasText:
                throw ParleyError(.answerBroken, "The answer was begun anew after a fault on the server. Ask again.")
            case .text: hasText = true
            default: break
            }
            return encoder.encode(event)
        }

        private mutating func end() async throws -> [ServerSentEvent] {
            isOver = true
            let message = try await answer.followed.whole()
            await answer.lease.close()
            if let failure = message.outcome.failure { return encoder.fail(ParleyError(.answerBroken, failure.message)) }
            return encoder.end(message)
        }
    }
}

extension FollowedAnswer {
    /// The message as it is stored now.
    func whole() async throws -> Message { try await service.message(message, of: thread, scope) }
}

/// Sees to it that an answer whose only reader leaves is stopped, and that a temporary thread does not stay.
final class AnswerLease: Sendable {
    private let service: ConversationService
    private let answer: Message
    private let scope: ProjectScope<ThreadsUse>
    private let isKept: Bool
    private let isOver = Mutex(false)

    /// - Parameter isKept: whether the thread stays and the answer goes on without a reader.
    init(_ service: ConversationService, _ answer: Message, isKept: Bool, _ scope: ProjectScope<ThreadsUse>) {
        (self.service, self.answer, self.isKept, self.scope) = (service, answer, isKept, scope)
    }

    /// The answer is whole.
    func close() async {
        isOver.withLock { $0 = true }
        // What cannot be removed now goes with the person's next question.
        if !isKept { try? await service.remove(answer.thread, scope) }
    }

    deinit {
        guard !isKept, !isOver.withLock({ $0 }) else { return }
        // The reader's task is over, and this must not be cancelled with it.
        Task { [service, answer, scope] in try? await service.discard(answer, scope) }
    }
}
