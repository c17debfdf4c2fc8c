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
    /// On whose behalf; nil for the server itself.
    public let reference: PrincipalReference?
    /// The trace of whoever queued the job (W3C Trace Context); the attempt runs in it.
    public let traceparent: String?
    private let leases: JobLeases
    private let authority: JobAuthority
    private let state = Mutex(State())
    private let gotFurther: @Sendable () -> Void

    private struct State {
        var isCancelled = false
        var rights: Set<JobRight> = []
        var refusal: ParleyError?
    }

    /// - Parameter gotFurther: is called when the job got further than any attempt before.
    init(_ job: LeasedJob, leases: JobLeases, authority: JobAuthority, gotFurther: @escaping @Sendable () -> Void) {
        (id, attempt, reference, traceparent) = (job.id, job.attempt, job.principal, job.traceparent)
        self.authority = authority
        isLastAttempt = job.failures + 1 >= job.maxAttempts
        (self.leases, self.gotFurther) = (leases, gotFurther)
    }

    /// On whose behalf, with the rights that they have now. Work of many steps asks at each of them.
    /// - Throws: `auth.forbidden` when they may not act any more, or the key that spoke for them has ended; `internal` for a job of the
    ///   server's own.
    public func principal() async throws -> Principal { try await authority.principal(acting()) }

    /// The right to do this in a project on their behalf. From then on it is looked at every second, and the job is stopped once it is gone.
    /// - Throws: as `principal`, and what the authorizer refuses with.
    public func scope<Held: ProjectPermission>(_ permission: Held, on project: ProjectID) async throws -> ProjectScope<Held> {
        let scope = try await authority.scope(acting(), permission, on: project)
        state.withLock { _ = $0.rights.insert(JobRight(permission: Held.permission, project: project)) }
        return scope
    }

    private func acting() throws -> PrincipalReference {
        guard let reference else { throw ParleyError(.internal, "The job \(id) is done on nobody's behalf.") }
        return reference
    }

    /// Why the job was stopped before its end, when a right that it needs is gone.
    public var refusal: ParleyError? { state.withLock { $0.refusal } }

    /// Whether a right that the job needs is gone now. A database that does not answer takes none away.
    func losesRights() async -> Bool {
        guard let reference else { return false }
        for right in state.withLock({ $0.rights }) {
            do { try await authority.require(right, of: reference) } catch let error as ParleyError where !error.code.isFault {
                state.withLock { $0.refusal = error }
                return true
            } catch {}
        }
        return false
    }

    /// Whether somebody wants the job stopped (rather than the process going).
    public var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// - Throws: `CancellationError` when somebody wants the job stopped or the process is going; the refusal when a right is gone.
    public func checkCancelled() throws {
        if let refusal { throw refusal }
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

    func noteCancelled() { state.withLock { $0.isCancelled = true } }
}
