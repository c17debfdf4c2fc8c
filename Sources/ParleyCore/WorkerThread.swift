import Dispatch

/// Runs long synchronous work on a thread outside of Swift's cooperative pool, so that requests go on meanwhile.
public func onWorkerThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result { try work() }) }
    }
}
