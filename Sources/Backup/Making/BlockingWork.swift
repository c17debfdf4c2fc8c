import Foundation
import ParleyCore

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
