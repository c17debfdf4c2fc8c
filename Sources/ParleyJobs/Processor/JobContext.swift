public import ParleyAuthority
public import ParleyCore
import Synchronization

/// What a running job knows of itself.
public final class JobContext: Sendable {
    public let id: JobID
    /// From 1.
    public let attempt: Int
    /// Whether a failure now is final.
    public let isLastAttempt: Bool
    /// On whose behalf; nil for the server itself. Authorise it again: much may have changed since it was queued.
    public let principal: Principal?
    /// The trace of whoever queued the job (W3C Trace Context); the attempt runs in it.
    public let traceparent: String?
    private let leases: JobLeases
    private let cancelled = Mutex(false)

    init(_ job: LeasedJob, leases: JobLeases) {
        (id, attempt, principal, traceparent) = (job.id, job.attempt, job.principal, job.traceparent)
        isLastAttempt = job.attempt >= job.maxAttempts
        self.leases = leases
    }

    /// Whether somebody wants the job stopped (rather than the process going).
    public var isCancelled: Bool { cancelled.withLock { $0 } }

    /// - Throws: `CancellationError` when somebody wants the job stopped or the process is going.
    public func checkCancelled() throws {
        if isCancelled || Task.isCancelled { throw CancellationError() }
    }

    /// Notes how far the job is, from 0 to 1. A note that cannot be written is no reason to fail.
    public func report(progress: Double, _ note: String) async {
        try? await leases.report(id, attempt: attempt, progress: progress, note: note)
    }

    func noteCancelled() { cancelled.withLock { $0 = true } }
}
