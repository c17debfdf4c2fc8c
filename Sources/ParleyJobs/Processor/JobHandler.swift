import Foundation
public import ParleyAuthority
public import ParleyCore
import Synchronization

/// What is done for the jobs of one type.
public struct JobHandler: Sendable {
    let type: String
    let concurrency: Int
    let run: @Sendable (Data, JobContext) async throws -> Void

    public init<Payload>(_ type: JobType<Payload>, run: @escaping @Sendable (Payload, JobContext) async throws -> Void) {
        self.type = type.name
        concurrency = type.concurrency
        self.run = { data, context in try await run(try JSONDecoder().decode(Payload.self, from: data), context) }
    }
}

/// What a running job knows of itself.
public final class JobContext: Sendable {
    public let id: JobID
    /// From 1.
    public let attempt: Int
    /// Whether a failure now is final.
    public let isLastAttempt: Bool
    /// On whose behalf; nil for the server itself.
    public let principal: Principal?
    private let leases: JobLeases
    private let cancelled = Mutex(false)

    init(_ job: LeasedJob, leases: JobLeases) {
        (id, attempt, principal) = (job.id, job.attempt, job.principal)
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
    public func report(progress: Double, _ note: String) async { try? await leases.report(id, progress: progress, note: note) }

    func cancel() { cancelled.withLock { $0 = true } }
}
