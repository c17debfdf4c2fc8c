import Dispatch
import Synchronization

/// Whether work on another thread goes on: it looks every now and then.
public final class StopSign: Sendable {
    private let isUp = Atomic(false)

    public init() {}

    public func raise() { isUp.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` once the task that waits for the work was cancelled.
    public func check() throws { if isUp.load(ordering: .relaxed) { throw CancellationError() } }
}

/// Runs long synchronous work on a thread outside of Swift's cooperative pool, so that requests go on meanwhile.
public func onWorkerThread<T: Sendable>(_ work: @escaping @Sendable (StopSign) throws -> T) async throws -> T {
    let stop = StopSign()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result { try work(stop) }) }
        }
    } onCancel: {
        stop.raise()
    }
}

/// Runs synchronous work that nothing can break off, and that is soon over, on such a thread.
public func onWorkerThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await onWorkerThread { (_: StopSign) in try work() }
}
