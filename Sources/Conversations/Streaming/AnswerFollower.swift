import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import Retrieval

/// Gives an answer's events to whoever may see it: live while it is made in this process, from the stored log otherwise.
struct AnswerFollower: Sendable {
    private let service: ConversationService

    init(_ service: ConversationService) { self.service = service }

    /// Events after this number, up to the last one.
    /// - Throws: `thread.not_found`, `message.not_found`.
    func follow(_ id: MessageID, of thread: ThreadID, after number: Int, _ scope: ProjectScope<ThreadsUse>) async throws -> FollowedAnswer {
        _ = try await service.message(id, of: thread, scope)
        return FollowedAnswer(service: service, message: id, thread: thread, number: number, scope: scope)
    }
}

/// The events of one answer after a number; each is fetched when it is asked for, so that a slow reader holds nothing up.
struct FollowedAnswer: AsyncSequence, Sendable {
    let service: ConversationService
    let message: MessageID
    let thread: ThreadID
    let number: Int
    let scope: ProjectScope<ThreadsUse>

    func makeAsyncIterator() -> Iterator { Iterator(answer: self, last: number) }

    struct Iterator: AsyncIteratorProtocol {
        /// How often the stored log is read while another process makes the answer.
        private static let pause = Duration.milliseconds(250)

        private let answer: FollowedAnswer
        private var last: Int
        private var live: AnswerHub.Watcher.Iterator?
        private var stored: ArraySlice<NumberedAnswerEvent> = []
        private var isOver = false

        fileprivate init(answer: FollowedAnswer, last: Int) { (self.answer, self.last) = (answer, last) }

        mutating func next() async throws -> ServerSentEvent? {
            guard let event = try await nextEvent() else { return nil }
            return try await answer.encode(event)
        }

        /// The next event as it is, for those who write it in another form.
        mutating func nextEvent() async throws -> NumberedAnswerEvent? {
            while true {
                if let event = await waiting() {
                    (last, isOver) = (event.number, event.event.isLast)
                    return event
                }
                if isOver { return nil }
                // A watcher of a cancelled task ends at once, again and again.
                try Task.checkCancellation()
                let begun = answer.service.hub.begins.count
                live = answer.service.hub.watch(answer.message, after: last)?.makeAsyncIterator()
                guard live == nil else { continue }
                try await readStored()
                if stored.isEmpty, !isOver { await answer.service.hub.begins.wait(past: begun, atMost: Self.pause) }
            }
        }

        /// The next event of those at hand; nil when there is none and another look is due.
        private mutating func waiting() async -> NumberedAnswerEvent? {
            if let event = stored.popFirst() { return event }
            guard var watcher = live else { return nil }
            let event = await watcher.next(isolation: nil)
            live = event == nil ? nil : watcher
            return event
        }

        private mutating func readStored() async throws {
            let found = try await answer.service.storedEvents(of: answer.message, in: answer.thread, after: last, answer.scope)
            (stored, isOver) = (found.events[...], found.isOver)
        }
    }

    fileprivate func encode(_ numbered: NumberedAnswerEvent) async throws -> ServerSentEvent {
        let number = "\(numbered.number)"
        switch numbered.event {
        case .retrieval(let passages, let degraded, let manner):
            let notice = RetrievalNotice(
                passages: passages, degraded: degraded, way: manner?.way, stance: manner?.stance, head: manner?.head)
            return ServerSentEvent("retrieval", id: number, data: notice, RetrievalNotice.schema)
        case .text(let text): return ServerSentEvent("text", id: number, data: TextDelta(text: text), TextDelta.schema)
        case .citation(let citation): return ServerSentEvent("citation", id: number, data: citation, Citation.schema)
        case .sentence(let check): return ServerSentEvent("sentence", id: number, data: check, SentenceCheck.schema)
        case .usage(let usage): return ServerSentEvent("usage", id: number, data: usage, TokenUsage.schema)
        case .restarted(let attempt):
            return ServerSentEvent("restarted", id: number, data: RestartNotice(attempt: attempt), RestartNotice.schema)
        case .done, .cancelled:
            let whole = try await service.message(message, of: thread, scope)
            return ServerSentEvent("done", id: number, data: DoneNotice(message: whole), DoneNotice.schema)
        case .failed(let failure): return ServerSentEvent("error", id: number, data: failure, AnswerFailure.schema)
        }
    }
}

/// What was found, before any text.
struct RetrievalNotice: Sendable {
    let passages: [Passage]
    let degraded: [Degradation]
    let way: AnswerWay?
    let stance: AnswerStance?
    let head: String?

    static let schema: Schema<RetrievalNotice> = .object(
        "RetrievalNotice", "The passages the answer may draw on, and how the question is met.",
        .field("passages", \.passages, .array(Passage.schema)),
        .field("degraded", \.degraded, .array(Degradation.schema)),
        .field("way", \.way, .optional(.enumeration()), "Null when the question is refused."),
        .field("stance", \.stance, .optional(.enumeration())),
        .field("head", \.head, .optional(.string()), "What the text is going to begin with where it may not answer."),
        example: RetrievalNotice(passages: [], degraded: [], way: .quoted, stance: .doubted, head: AnswerLanguage.english.nearest))
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
        "DoneNotice", "The answer as it was stored.", .field("message", \.message, Message.schema),
        example: DoneNotice(message: Message.example))
}
