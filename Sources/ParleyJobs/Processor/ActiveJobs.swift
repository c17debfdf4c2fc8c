import ParleyCore
import Synchronization

/// Why a running job is stopped.
enum JobStop: Sendable {
    /// Somebody wants it.
    case cancelled
    /// A right that it needs is gone.
    case refused
    /// The process is going, or a suspect's turn has come.
    case putBack
    /// Another process has taken the job, since ours did not keep its lease.
    case leaseLost
}

/// The jobs that run in this process, and how to stop them.
final class ActiveJobs: Sendable {
    private struct Entry {
        let job: LeasedJob
        let context: JobContext
        let stop: AsyncStream<JobStop>.Continuation
        var isSuspect: Bool
    }

    private let entries = Mutex<[JobID: Entry]>([:])
    private let removed = Signal()

    var ids: [JobID] { entries.withLock { Array($0.keys) } }
    var contexts: [JobContext] { entries.withLock { $0.values.map(\.context) } }

    /// The lane of each job that runs, by type.
    var lanes: [String: [String]] {
        entries.withLock { Dictionary($0.values.map { ($0.job.type, [$0.job.lane]) }, uniquingKeysWith: +) }
    }

    /// The job that runs alone; nil when none does.
    var suspect: JobID? { entries.withLock { $0.values.first(where: \.isSuspect)?.job.id } }

    /// - Returns: gives the reason when the job is to be stopped.
    func add(_ job: LeasedJob, _ context: JobContext) -> AsyncStream<JobStop> {
        let (stops, stop) = AsyncStream<JobStop>.makeStream()
        entries.withLock { $0[job.id] = Entry(job: job, context: context, stop: stop, isSuspect: job.isSuspect) }
        return stops
    }

    /// The job need not run alone any more.
    func clear(_ id: JobID) { entries.withLock { $0[id]?.isSuspect = false } }

    func remove(_ id: JobID) {
        entries.withLock { $0[id] = nil }
        removed.raise()
    }

    func stop(_ id: JobID, _ reason: JobStop) {
        guard let entry = entries.withLock({ $0[id] }) else { return }
        if reason == .cancelled { entry.context.noteCancelled() }
        entry.stop.yield(reason)
    }

    func stopAll(_ reason: JobStop) { for id in ids { stop(id, reason) } }

    /// Waits until nothing runs, at most this long.
    func empty(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    let seen = self.removed.count
                    if self.ids.isEmpty { return }
                    await self.removed.wait(past: seen)
                }
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
