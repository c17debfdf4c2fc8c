import Dispatch
import ParleyCore
import Synchronization

/// One transaction that several calls of `write` share. The calls come from the body's task; a thread that owns the connection takes them
/// one after the other.
final class UnitOfWork: Sendable {
    /// The unit that the task works in.
    @TaskLocal static var current: UnitOfWork?

    private struct Step: Sendable {
        let run: @Sendable (Connection) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    private enum Phase {
        case waiting, open
        case ended(isCommitted: Bool)
        case failed(any Error)
    }

    private struct State {
        var phase = Phase.waiting
        var steps: [Step] = []
    }

    /// Gives one element when there is something to do, and ends with the unit.
    let opening: AsyncStream<Void>
    private let open: AsyncStream<Void>.Continuation
    private let database: Database
    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    init(of database: Database) {
        self.database = database
        (opening, open) = AsyncStream<Void>.makeStream()
    }

    /// Whether a write to the database belongs to this unit: not once it has ended, as for a task that outlives it.
    func joins(_ other: Database) -> Bool {
        guard database === other else { return false }
        return state.withLock { if case .ended = $0.phase { false } else { true } }
    }

    /// Whether a read must see what the unit has written.
    func isOpen(for other: Database) -> Bool {
        guard database === other else { return false }
        return state.withLock { if case .open = $0.phase { true } else { false } }
    }

    /// Runs the body in the transaction, which begins when it has not.
    /// - Parameter inSavepoint: whether what it did is undone when it throws.
    func perform<T: Sendable>(inSavepoint: Bool = true, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let step = Step { connection in
                continuation.resume(with: Result { try inSavepoint ? connection.savepoint { try body(connection) } : body(connection) })
            } refuse: {
                continuation.resume(throwing: $0)
            }
            var isFirst = false
            let refusal = state.withLock { state -> (any Error)? in
                switch state.phase {
                case .ended: return DatabaseError(.other, "the unit of work has ended")
                case .failed(let error): return error
                case .waiting:
                    state.phase = .open
                    isFirst = true
                case .open: break
                }
                state.steps.append(step)
                return nil
            }
            if isFirst { open.yield() }
            if let refusal { step.refuse(refusal) } else { arrivals.signal() }
        }
    }

    /// No more steps; the transaction, when there is one, ends like this.
    func end(isCommitted: Bool) {
        state.withLock { if case .failed = $0.phase {} else { $0.phase = .ended(isCommitted: isCommitted) } }
        open.finish()
        arrivals.signal()
    }

    /// The transaction is gone: whoever waits for it and whoever comes is told.
    func fail(_ error: any Error) {
        let steps = state.withLock { state in
            if case .ended = state.phase {} else { state.phase = .failed(error) }
            defer { state.steps = [] }
            return state.steps
        }
        for step in steps { step.refuse(error) }
    }

    /// Takes the steps as they come, on the thread of the connection, until the unit ends.
    /// - Throws: `Undone` when it is to be undone; `busy` when it has been open for too long.
    func serve(_ connection: Connection) throws {
        let deadline = DispatchTime.now() + .milliseconds(Int(database.unitLimit.milliseconds))
        while true {
            guard arrivals.wait(timeout: deadline) == .success else {
                throw DatabaseError(.busy, "a unit of work was open for longer than \(database.unitLimit)")
            }
            let (step, phase) = state.withLock { ($0.steps.isEmpty ? nil : $0.steps.removeFirst(), $0.phase) }
            if let step {
                step.run(connection)
            } else if case .ended(let isCommitted) = phase {
                guard isCommitted else { throw Undone() }
                return
            }
        }
    }

    private struct Undone: Error {}
}
