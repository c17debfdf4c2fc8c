import ParleyCore
import ParleyDatabase
import Synchronization

/// Numbers an answer's events, shows them to watchers at once, and stores them in batches, every 80 milliseconds: nobody waits
/// for the disk before the first word.
final class AnswerLog: Sendable {
    private let message: MessageID
    private let database: Database
    private let hub: AnswerHub
    private let store = AnswerEventStore()

    private struct State {
        var number: Int
        var unstored: [NumberedAnswerEvent] = []
        var storedAt = ContinuousClock.now
    }

    private let state: Mutex<State>
    private static let interval = Duration.milliseconds(80)

    /// - Parameter attempt: which attempt at the answer this is, from 1.
    init(_ message: MessageID, attempt: Int, database: Database, hub: AnswerHub) {
        (self.message, self.database, self.hub) = (message, database, hub)
        state = Mutex(State(number: Self.base(ofAttempt: attempt)))
    }

    /// The number before an attempt's first event. A process that died may have shown events that it had not stored, so the
    /// numbers of the next attempt begin where no attempt gets to, and whoever goes on after the last one it saw misses nothing.
    static func base(ofAttempt attempt: Int) -> Int { max(0, attempt - 1) * 1_000_000 }

    /// Publishes the event, and stores what is due.
    func add(_ event: AnswerEvent) async throws {
        let due = state.withLock { state in
            state.number += 1
            let numbered = NumberedAnswerEvent(number: state.number, event: event)
            hub.publish(numbered, of: message)
            state.unstored.append(numbered)
            return ContinuousClock.now - state.storedAt >= Self.interval
        }
        if due { try await flush() }
    }

    /// Stores what is not stored yet.
    func flush() async throws {
        let events = state.withLock { state in
            defer { state.unstored = [] }
            state.storedAt = .now
            return state.unstored
        }
        guard !events.isEmpty else { return }
        try await database.write { [message, store] in try store.append(events, of: message, in: $0) }
    }

    /// Hands over what is not stored yet together with a last event, for the transaction that ends the answer.
    func close(with event: AnswerEvent) -> [NumberedAnswerEvent] {
        state.withLock { state in
            state.number += 1
            state.unstored.append(NumberedAnswerEvent(number: state.number, event: event))
            defer { state.unstored = [] }
            return state.unstored
        }
    }

    /// Shows the last event to watchers, once it is stored.
    func publishLast(_ events: [NumberedAnswerEvent]) {
        if let last = events.last { hub.publish(last, of: message) }
    }
}
