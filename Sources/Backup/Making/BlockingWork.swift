import Foundation
import ParleyCore
import Synchronization

/// Whether blocking work goes on. It looks at every megabyte or so.
final class StopSign: Sendable {
    private let isUp = Atomic(false)

    func raise() { isUp.store(true, ordering: .relaxed) }

    /// - Throws: `CancellationError` once the task that waits for the work was cancelled.
    func check() throws { if isUp.load(ordering: .relaxed) { throw CancellationError() } }
}

/// Runs blocking work on a thread of its own, which gives way to whoever waits for an answer.
func onPatientThread<T: Sendable>(_ work: @escaping @Sendable (StopSign) throws -> T) async throws -> T {
    let stop = StopSign()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // On Linux the nice value belongs to the calling thread; where it cannot be changed it stays.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
                continuation.resume(with: Result { try work(stop) })
            }
        }
    } onCancel: {
        stop.raise()
    }
}
