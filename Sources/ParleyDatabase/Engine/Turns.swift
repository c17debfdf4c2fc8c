import ParleyCore
import Synchronization

/// Hands out a fixed number of places in order of arrival; who waits longer than the limit is turned away.
final class Turns: Sendable {
    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        var free: Int
        var line = Line<Waiter>()
        var isSweeping = false
        var isClosed = false
    }

    let places: Int
    private let limit: Duration
    private let state: Mutex<State>

    init(_ places: Int, limit: Duration) {
        (self.places, self.limit) = (places, limit)
        state = Mutex(State(free: places))
    }

    var inUse: Int { state.withLock { places - $0.free } }
    var waiting: Int { state.withLock { $0.line.count } }

    /// Waits for a place. A cancelled task waits too: who cancels must still be able to write down that they did.
    /// - Throws: `DatabaseError` with `.busy` after the limit.
    func take() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let isServed = state.withLock { state -> Result<Void, any Error>? in
                if state.isClosed { return .failure(DatabaseError(.connection, "the database is closed")) }
                if state.free > 0 {
                    state.free -= 1
                    return .success(())
                }
                state.line.append(continuation)
                if !state.isSweeping {
                    state.isSweeping = true
                    LineWatch.start(in: limit) { [weak self] in self?.turnAway() }
                }
                return nil
            }
            if let isServed { continuation.resume(with: isServed) }
        }
    }

    /// Gives the place to the next in the queue.
    func giveBack() {
        let next = state.withLock { state in
            let next = state.line.next()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }

    /// Turns away who waits and who comes.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            return state.line.removeAll()
        }
        for waiter in waiters { waiter.resume(throwing: DatabaseError(.connection, "the database is closed")) }
    }

    /// Turns away who waited too long; when to look again.
    private func turnAway() -> Duration? {
        let (late, next) = state.withLock { state in
            let found = state.line.late(after: limit)
            state.isSweeping = found.next != nil
            return found
        }
        for waiter in late {
            waiter.resume(throwing: DatabaseError(.busy, "no connection became free within \(limit)"))
        }
        return next
    }
}
