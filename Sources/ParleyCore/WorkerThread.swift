import Dispatch
import Glibc
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
            onPatientThread { continuation.resume(with: Result { try work(stop) }) }
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

/// Runs the tasks that prefer it on worker threads: for answers that take long, so that those of others go first.
public final class PatientExecutor: TaskExecutor {
    public static let shared = PatientExecutor()

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        onPatientThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

private func onPatientThread(_ work: @escaping @Sendable () -> Void) {
    DispatchQueue.global(qos: .utility).async {
        // On Linux the nice value belongs to the calling thread; where it cannot be changed it stays.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        work()
    }
}
