import Foundation
import Logging
import ParleyCore
import ParleyDatabase
public import ParleyTelemetry
public import ServiceLifecycle
import Synchronization

/// Runs jobs: takes what is due, keeps the leases alive, tries again with growing pauses, gives up as dead. On shutdown it
/// takes no more, lets running jobs finish for a while, then stops them and puts them back.
public struct JobProcessor: Service {
    let queue: JobQueue
    let leases: JobLeases
    let telemetry: Telemetry
    let pace: JobPace
    private let handlers: [String: JobHandler]
    private let drain: Duration
    private let isAlone: Bool

    /// - Parameters:
    ///   - drain: how long running jobs may take to finish on shutdown.
    ///   - isAlone: no other process works on this database, so that whatever is said to run at the start runs no more.
    public init(
        queue: JobQueue, handlers: [JobHandler], telemetry: Telemetry, drain: Duration = .seconds(10), isAlone: Bool = false,
        pace: JobPace = JobPace()
    ) {
        self.queue = queue
        self.handlers = Dictionary(handlers.map { ($0.type, $0) }) { first, _ in first }
        leases = JobLeases(database: queue.database, clock: queue.clock, duration: pace.lease, worker: UUID().uuidString)
        (self.telemetry, self.drain, self.isAlone, self.pace) = (telemetry, drain, isAlone, pace)
        telemetry.metrics.register([.jobs, .jobsWaiting])
    }

    public func run() async throws {
        let isGoing = Mutex(false)
        await withDiscardingTaskGroup { group in
            group.addTask { await keepLeases() }
            group.addTask { await watchBacklog() }
            group.addTask { await forget() }
            if isAlone { await recover(from: .all) }
            await withGracefulShutdownHandler {
                while !Task.isCancelled, !isGoing.withLock({ $0 }) {
                    let seen = queue.changes.count
                    for (job, handler, context, stops) in await takeJobs() {
                        group.addTask { await JobAttempt(self, job, handler, context).run(until: stops) }
                    }
                    if !isGoing.withLock({ $0 }) { await queue.changes.wait(past: seen, atMost: pace.poll) }
                }
            } onGracefulShutdown: {
                isGoing.withLock { $0 = true }
                queue.changes.raise()
            }
            await queue.active.empty(within: drain)
            queue.active.stopAll(.shutdown)
            await queue.active.empty(within: drain)
            group.cancelAll()
        }
    }

    /// Fills the free places.
    private func takeJobs() async -> [(LeasedJob, JobHandler, JobContext, AsyncStream<JobStop>)] {
        await recover(from: .expired(except: queue.active.ids))
        do {
            let places = handlers.mapValues {
                JobPlaces(free: $0.concurrency - queue.active.count(of: $0.type), perLane: $0.perLane, perGroup: max(1, $0.concurrency / 2))
            }
            return try await leases.claim(places).compactMap { job in
                guard let handler = handlers[job.type] else { return nil }
                let context = JobContext(job, leases: leases)
                return (job, handler, context, queue.active.add(job.type, context))
            }
        } catch {
            telemetry.logger.error("no jobs taken", metadata: ["error": "\(error)"])
            return []
        }
    }

    /// Takes up what was left behind.
    private func recover(from leases: JobLeases.Lost) async {
        do {
            try await self.leases.recover(leases) { [handlers] job, connection in try handlers[job.type]?.gaveUp(job.payload, connection) }
        } catch {
            telemetry.logger.error("lost jobs not taken up", metadata: ["error": "\(error)"])
        }
    }

    /// Gives signs of life for the running jobs, and hears which of them are to be stopped.
    private func keepLeases() async {
        while (try? await Task.sleep(for: pace.lease / 6)) != nil {
            do {
                let ids = queue.active.ids
                let kept = try await leases.extend(ids)
                for id in ids {
                    switch kept[id] {
                    case true?: queue.active.stop(id, .cancelled)
                    case false?: continue
                    case nil: queue.active.stop(id, .leaseLost)
                    }
                }
            } catch {
                telemetry.logger.error("leases not extended", metadata: ["error": "\(error)"])
            }
        }
    }

    private func forget() async {
        repeat {
            do { try await queue.removeFinished(before: queue.clock.now() - pace.memory) } catch {
                telemetry.logger.error("finished jobs not removed", metadata: ["error": "\(error)"])
            }
        } while (try? await Task.sleep(for: .seconds(3600))) != nil
    }

    private func watchBacklog() async {
        repeat {
            guard let backlog = try? await queue.backlog() else { continue }
            let waiting = Dictionary(backlog.map { ($0.type, $0.waiting) }) { first, _ in first }
            for type in handlers.keys { telemetry.gauge(.jobsWaiting, Double(waiting[type] ?? 0), ["type": type]) }
        } while (try? await Task.sleep(for: .seconds(10))) != nil
    }
}

extension Metric {
    static let jobs = Metric.counter("parley_jobs_total", "Job attempts by how they ended.", labels: ["type", "outcome"])
    static let jobsWaiting = Metric.gauge("parley_jobs_waiting", "Jobs that wait, those for a later moment included.", labels: ["type"])
}
