import Dispatch
import Foundation
import Synchronization

/// Whether work on another thread goes on: it looks every now and then.
public final class StopSign: Sendable {
    private let isUp = Atomic(false)

    public init() {}

    public func raise() { isUp.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` once the task that waits for the work was cancelled.
    public func check() throws { if isUp.load(ordering: .relaxed) { throw CancellationError() } }
}

/// Runs long synchronous work on a thread outside of Swift's cooperative pool that gives way to those of requests.
public func onWorkerThread<T: Sendable>(_ work: @escaping @Sendable (StopSign) throws -> T) async throws -> T {
    let stop = StopSign()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            onYieldingThread { continuation.resume(with: Result { try work(stop) }) }
        }
    } onCancel: {
        stop.raise()
    }
}

/// Runs synchronous work that nothing can break off, and that is soon over, on such a thread.
public func onWorkerThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await onWorkerThread { (_: StopSign) in try work() }
}

/// Runs synchronous work whose length follows from the size of its input: at once where that is small, on such a thread otherwise.
/// - Parameter size: of the input in bytes.
public func onWorkerThread<T: Sendable>(from size: Int, _ work: @escaping @Sendable () throws -> T) async throws -> T {
    guard size > 32_768 else { return try work() }
    return try await onWorkerThread { (_: StopSign) in try work() }
}

/// Runs the tasks that prefer it on worker threads: for answers that take long, so that those of others go first. At most half of the
/// processors' number run at once, one after another in the order in which they came: each also has work done on other threads.
public final class PatientExecutor: TaskExecutor {
    public static let shared = PatientExecutor()

    private struct State {
        var waiting: [UnownedJob] = []
        var running = 0
    }

    private let state = Mutex(State())
    private let limit = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let startsThread = state.withLock { state in
            state.waiting.append(job)
            guard state.running < limit else { return false }
            state.running += 1
            return true
        }
        if startsThread { onYieldingThread { self.runAll() } }
    }

    private func runAll() {
        while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            let job = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            if job == nil { state.running -= 1 }
            return job
        }
    }
}

private func onYieldingThread(_ work: @escaping @Sendable () -> Void) {
    DispatchQueue.global(qos: .utility).async {
        GivingWay.begin()
        work()
    }
}
