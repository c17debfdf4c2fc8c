import Synchronization

/// Wakes everybody in this process who waits for the same thing. Wakes while somebody is busy are one wake.
final class Signal: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func raise() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    /// A stream that gives an element after each `raise`, from now on.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            defer { state.next += 1 }
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.listeners[id] = nil } }
        return stream
    }
}
