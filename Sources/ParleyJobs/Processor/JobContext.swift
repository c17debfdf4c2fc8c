public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
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
    private let gotFurther: @Sendable () -> Void

    /// - Parameter gotFurther: is called when the job got further than any attempt before.
    init(_ job: LeasedJob, leases: JobLeases, gotFurther: @escaping @Sendable () -> Void) {
        (id, attempt, principal, traceparent) = (job.id, job.attempt, job.principal, job.traceparent)
        isLastAttempt = job.failures + 1 >= job.maxAttempts
        (self.leases, self.gotFurther) = (leases, gotFurther)
    }

    /// Whether somebody wants the job stopped (rather than the process going).
    public var isCancelled: Bool { cancelled.withLock { $0 } }

    /// - Throws: `CancellationError` when somebody wants the job stopped or the process is going.
    public func checkCancelled() throws {
        if isCancelled || Task.isCancelled { throw CancellationError() }
    }

    /// Notes how far the job is, from 0 to 1. A note that cannot be written is no reason to fail.
    public func report(progress: Double, _ note: String) async {
        try? await leases.database.write { try self.report(progress: progress, note, in: $0) }
    }

    /// The same in the transaction that stores what was done. Work of many steps should report each: what gets further each time is told
    /// by that from what ends its process at the same place each time.
    public func report(progress: Double, _ note: String, in connection: Connection) throws {
        guard try leases.report(id, attempt: attempt, progress: progress, note: note, in: connection) else { return }
        connection.afterCommit(gotFurther)
    }

    func noteCancelled() { cancelled.withLock { $0 = true } }
}
