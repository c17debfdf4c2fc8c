import Synchronization

/// Lets a bounded number of calls through at once; the others wait in line.
final class Bulkhead: Sendable {
    private struct State {
        var free: Int
        var line: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var nextID = 0
        /// Those on their way into the line, with the reason to turn back once there is one.
        var arriving: [Int: (any Error)?] = [:]
    }

    private enum Step {
        case wait, go
        case turnBack(any Error)
    }

    private let limit: Int
    private let state: Mutex<State>

    init(limit: Int) {
        self.limit = max(1, limit)
        state = Mutex(State(free: self.limit))
    }

    /// Calls under way.
    var inUse: Int { limit - state.withLock { $0.free } }

    /// Comes back when there is room; `leave` must follow.
    /// - Throws: `Deadline.Exceeded`, or `CancellationError` when the task is cancelled while it waits.
    func enter(within limit: Duration) async throws {
        guard let id = takeOrQueue() else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                self.expel(id, Deadline.Exceeded())
            }
            defer { group.cancelAll() }
            try await stand(id)
        }
    }

    func leave() {
        let next: CheckedContinuation<Void, any Error>? = state.withLock { state in
            if state.line.isEmpty {
                state.free += 1
                return nil
            }
            return state.line.removeFirst().continuation
        }
        next?.resume()
    }

    /// Nil when there was room at once.
    private func takeOrQueue() -> Int? {
        state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.nextID += 1
            state.arriving[state.nextID] = .some(nil)
            return state.nextID
        }
    }

    private func stand(_ id: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch state.withLock({ Self.arrive(id, continuation, &$0) }) {
                case .wait: break
                case .go: continuation.resume()
                case .turnBack(let reason): continuation.resume(throwing: reason)
                }
            }
        } onCancel: {
            expel(id, CancellationError())
        }
    }

    private static func arrive(_ id: Int, _ continuation: CheckedContinuation<Void, any Error>, _ state: inout State) -> Step {
        if let reason = state.arriving.removeValue(forKey: id) ?? nil { return .turnBack(reason) }
        if state.free > 0 {
            state.free -= 1
            return .go
        }
        state.line.append((id, continuation))
        return .wait
    }

    /// Takes a waiter out of the line; without effect once it is through.
    private func expel(_ id: Int, _ reason: any Error) {
        let waiter: CheckedContinuation<Void, any Error>? = state.withLock { state in
            if let index = state.line.firstIndex(where: { $0.id == id }) { return state.line.remove(at: index).continuation }
            if state.arriving[id] != nil { state.arriving[id] = .some(reason) }
            return nil
        }
        waiter?.resume(throwing: reason)
    }
}
