import ParleyCore
import ParleyDatabase
import ParleyTesting
import Retrieval
import Testing

@testable import Conversations

@Suite struct AnswerHubTests {
    private let message = MessageID(at: Timestamp(milliseconds: 1))

    private func event(_ number: Int) -> NumberedAnswerEvent { NumberedAnswerEvent(number: number, event: .text("\(number)")) }

    private func publish(_ numbers: ClosedRange<Int>, to hub: AnswerHub, of message: MessageID) async {
        for number in numbers { hub.publish(event(number), of: message) }
    }

    private func numbers(_ watcher: AnswerHub.Watcher?) async -> [Int] {
        guard let watcher else { return [] }
        return await watcher.reduce(into: []) { $0.append($1.number) }
    }

    @Test func watchersGetWhatWasAndWhatComes() async {
        let hub = AnswerHub()
        #expect(hub.watch(message, after: 0) == nil, "nobody makes this answer here")
        hub.begin(message, events: [event(1), event(2)])
        let (all, rest) = (hub.watch(message, after: 0), hub.watch(message, after: 1))
        hub.publish(event(3), of: message)
        let late = hub.watch(message, after: 2)
        hub.publish(event(4), of: message)
        hub.end(message)
        #expect(await numbers(all) == [1, 2, 3, 4])
        #expect(await numbers(rest) == [2, 3, 4])
        #expect(await numbers(late) == [3, 4])
        #expect(hub.watch(message, after: 0) == nil)
    }

    @Test func aWatcherThatDoesNotReadIsCutOffAndOthersAreNot() async {
        let hub = AnswerHub()
        hub.begin(message, events: [])
        let lazy = hub.watch(message, after: 0)
        for number in 1...2000 { hub.publish(event(number), of: message) }
        let eager = hub.watch(message, after: 1990)
        hub.end(message)
        let seen = await numbers(lazy)
        #expect(seen == Array(1...seen.count) && seen.count < 2000, "what it got has no gap")
        #expect(await numbers(eager) == Array(1991...2000))
    }

    /// Waking a watcher and cancelling it each hold something that the other may want.
    @Test(.timeLimit(.minutes(1))) func leavingWhileAnEventIsPublishedStopsNobody() async {
        let hub = AnswerHub()
        for round in 1...500 {
            hub.begin(message, events: [])
            let watcher = hub.watch(message, after: 0)
            let reader = Task { await numbers(watcher) }
            async let published: Void = publish(1...20, to: hub, of: message)
            for _ in 0..<(round % 8) { await Task.yield() }
            reader.cancel()
            await published
            let seen = await reader.value
            #expect(seen == Array(seen.indices.map { $0 + 1 }))
            hub.end(message)
        }
    }

    @Test(arguments: TestDatabases.all)
    func theLogNumbersOnAndStoresEverything(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let conversation = try await Conversation(database)
            let hub = AnswerHub()
            hub.begin(conversation.answer, events: [])
            let watcher = hub.watch(conversation.answer, after: 0)
            let first = AnswerLog(conversation.answer, attempt: 1, database: database, hub: hub)
            try await first.add(.retrieval([try passage("Words.", index: 1, from: 0)], [], nil))
            for number in 1...5 { try await first.add(.text("\(number) ü🎉")) }
            try await first.flush()

            let second = AnswerLog(conversation.answer, attempt: 2, database: database, hub: hub)
            try await second.add(.restarted(attempt: 2))
            try await second.add(.usage(TokenUsage(promptTokens: 3, completionTokens: 4)))
            let rest = second.close(with: .failed(AnswerFailure(code: "a.b", message: "No.")))
            let expected = Array(1...6) + Array(1_000_001...1_000_003)
            #expect(rest.last?.number == expected.last)
            try await database.write { try AnswerEventStore().append(rest, of: conversation.answer, in: $0) }
            second.publishLast(rest)
            hub.end(conversation.answer)

            #expect(await numbers(watcher) == expected)
            let stored = try await database.read { try AnswerEventStore().events(of: conversation.answer, after: 0, in: $0) }
            #expect(stored.map(\.number) == expected)
            #expect(stored.map { $0.event.isLast } == Array(repeating: false, count: 8) + [true])
            guard case .retrieval(let passages, _, _) = stored[0].event, case .text(let text) = stored[2].event,
                case .restarted(2) = stored[6].event, case .failed(let failure) = stored[8].event
            else {
                Issue.record("the events came back as others")
                return
            }
            #expect(passages.first?.text == "Words." && text == "2 ü🎉" && failure == AnswerFailure(code: "a.b", message: "No."))
            let tail = try await database.read { try AnswerEventStore().events(of: conversation.answer, after: 1_000_001, in: $0) }
            #expect(tail.map(\.number) == [1_000_002, 1_000_003])
        }
    }
}
