import ParleyCore
import Synchronization

/// The answers being made in this process and who watches them. A watcher that falls too far behind is cut off; it comes
/// back with the last number it saw and misses nothing, since every event is stored as well.
final class AnswerHub: Sendable {
    typealias Watcher = AsyncStream<NumberedAnswerEvent>
    private static let backlog = 1024

    private struct Live {
        var events: [NumberedAnswerEvent]
        var watchers: [Int: Watcher.Continuation] = [:]
    }

    private struct State {
        var live: [MessageID: Live] = [:]
        var nextWatcher = 0
    }

    private let state = Mutex(State())
    /// Raised for each answer that can be watched from then on.
    let begins = Signal()

    /// From here on the answer can be watched live; `events` came before (of an earlier attempt).
    func begin(_ message: MessageID, events: [NumberedAnswerEvent]) {
        state.withLock { $0.live[message] = Live(events: events) }
        begins.raise()
    }

    /// Events of one answer are published one after another.
    func publish(_ event: NumberedAnswerEvent, of message: MessageID) {
        let watchers = state.withLock { state in
            state.live[message]?.events.append(event)
            return state.live[message]?.watchers ?? [:]
        }
        // Not under the lock: waking a watcher that is being cancelled waits until `leave` has returned.
        for (id, watcher) in watchers {
            if case .enqueued = watcher.yield(event) { continue }
            leave(message, id)
            watcher.finish()
        }
    }

    /// The answer is stored whole; watchers get no more.
    func end(_ message: MessageID) {
        let watchers = state.withLock { $0.live.removeValue(forKey: message)?.watchers.values.map { $0 } ?? [] }
        for watcher in watchers { watcher.finish() }
    }

    /// Events after this number and all that follow, while the answer is being made here; nil when it is not.
    func watch(_ message: MessageID, after number: Int) -> Watcher? {
        state.withLock { state in
            guard let past = state.live[message]?.events.filter({ $0.number > number }) else { return nil }
            let (stream, watcher) = Watcher.makeStream(bufferingPolicy: .bufferingOldest(past.count + Self.backlog))
            for event in past { watcher.yield(event) }
            let id = state.nextWatcher
            state.nextWatcher += 1
            state.live[message]?.watchers[id] = watcher
            watcher.onTermination = { [weak self] _ in self?.leave(message, id) }
            return stream
        }
    }

    private func leave(_ message: MessageID, _ id: Int) {
        state.withLock { $0.live[message]?.watchers[id] = nil }
    }
}
