public import ParleyCore

/// How the embedded model fares.
public enum ModelState: Sendable {
    /// Not needed yet.
    case idle
    case starting
    case ready(ModelEndpoint)
    /// It failed and is started again after the error's `retryAfter`.
    case failed(ParleyError)
    case stopped
}

/// Those who wait for the model to start. A state machine without input or output.
struct SupervisorStates {
    typealias Waiter = CheckedContinuation<ModelEndpoint, any Error>
    typealias Answer = Result<ModelEndpoint, any Error>

    private(set) var state = ModelState.idle
    private var waiters: [UInt64: Waiter] = [:]
    private var lastWaiter: UInt64 = 0

    mutating func newWaiter() -> UInt64 {
        lastWaiter &+= 1
        return lastWaiter
    }

    /// The answer where there is one; nil keeps the waiter until the state settles.
    mutating func wait(_ id: UInt64, _ waiter: Waiter) -> Answer? {
        if let answer { return answer }
        waiters[id] = waiter
        return nil
    }

    mutating func remove(_ id: UInt64) -> Waiter? { waiters.removeValue(forKey: id) }

    /// The waiters that the new state answers.
    mutating func settle(_ new: ModelState) -> [(Waiter, Answer)] {
        state = new
        guard let answer else { return [] }
        defer { waiters = [:] }
        return waiters.values.map { ($0, answer) }
    }

    private var answer: Answer? {
        switch state {
        case .idle, .starting: nil
        case .ready(let endpoint): .success(endpoint)
        case .failed(let error): .failure(error)
        case .stopped: .failure(ParleyError(.modelUnreachable, "The language model is stopped, since the server is shutting down."))
        }
    }
}
