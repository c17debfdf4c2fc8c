import Foundation
import Logging
import ParleyCore
import ParleyDatabase
public import ParleyTelemetry
public import ServiceLifecycle
import Synchronization

/// Runs jobs: takes what is due, keeps the leases alive, tries again with growing pauses, gives up as dead. A job that may be what ended
/// its processes runs alone. On shutdown it takes no more, lets running jobs finish for a while, then stops them and puts them back.
public struct JobProcessor: Service {
    let queue: JobQueue
    let leases: JobLeases
    let telemetry: Telemetry
    let pace: JobPace
    let handlers: [String: JobHandler]
    private let authority: JobAuthority
    private let events: Events
    private let drain: Duration
    private let isAlone: Bool

    /// - Parameters:
    ///   - authority: says what whoever stands behind a job may do while it runs.
    ///   - drain: how long running jobs may take to finish on shutdown.
    ///   - isAlone: no other process works on this database, so that whatever is said to run at the start runs no more.
    public init(
        queue: JobQueue, handlers: [JobHandler], authority: JobAuthority, telemetry: Telemetry, drain: Duration = .seconds(10),
        isAlone: Bool = false,
        pace: JobPace = JobPace()
    ) {
        (self.queue, self.authority) = (queue, authority)
        self.handlers = Dictionary(handlers.map { ($0.type, $0) }) { first, _ in first }
        leases = JobLeases(database: queue.database, clock: queue.clock, duration: pace.lease, worker: UUID().uuidString)
        events = Events(database: queue.database, clock: queue.clock)
        (self.telemetry, self.drain, self.isAlone, self.pace) = (telemetry, drain, isAlone, pace)
        telemetry.metrics.register([.jobs, .jobsWaiting, .jobsDead, .jobsSuspected])
    }

    public func run() async throws {
        let isGoing = Mutex(false)
        await withDiscardingTaskGroup { group in
            group.addTask { await keepLeases() }
            group.addTask { await watchRights() }
            group.addTask { await watchBacklog() }
            group.addTask { await forget() }
            if isAlone { await recover(from: .all) }
            await withGracefulShutdownHandler {
                var taking = JobTaking(self)
                while !Task.isCancelled, !isGoing.withLock({ $0 }) {
                    let seen = queue.changes.count
                    await recover(from: .expired(except: queue.active.ids))
                    for job in await taking.take() {
                        guard let handler = handlers[job.type] else { continue }
                        let context = JobContext(job, leases: leases, authority: authority) { [queue] in
                            queue.active.clear(job.id)
                            queue.changes.raise()
                        }
                        let stops = queue.active.add(job, context)
                        group.addTask { await JobAttempt(self, job, handler, context).run(until: stops) }
                    }
                    if !isGoing.withLock({ $0 }) { await queue.changes.wait(past: seen, atMost: pace.poll) }
                }
            } onGracefulShutdown: {
                isGoing.withLock { $0 = true }
                queue.changes.raise()
            }
            await queue.active.empty(within: drain)
            queue.active.stopAll(.putBack)
            await queue.active.empty(within: drain)
            await release(queue.active.ids)
            group.cancelAll()
        }
    }

    /// Takes up what was left behind.
    private func recover(from lost: JobLeases.Lost) async {
        do {
            let recovered = try await leases.recover(lost) { try giveUp($0, .endedProcess, in: $1) }
            for (job, end) in recovered { note(end, of: job) }
        } catch {
            telemetry.logger.error("lost jobs not taken up", metadata: ["error": "\(error)"])
        }
    }

    /// Has the handler end what a dead job was about, and tells of it. A handler that cannot keeps nobody from going on.
    func giveUp(_ job: LeasedJob, _ cause: GiveUpCause, in connection: Connection) throws {
        do {
            try connection.savepoint { try handlers[job.type]?.gaveUp(job.payload, cause, connection) }
        } catch {
            telemetry.logger.error("the end of a job not passed on", metadata: ["type": "\(job.type)", "error": "\(error)"])
        }
        try events.append(
            EventDraft(
                kind: "job.given_up", project: nil, subject: job.id.description, actor: nil,
                payload: ["type": .string(job.type), "cause": .string(cause.rawValue), "about": job.subject.map(JSONValue.string) ?? .null]),
            in: connection)
    }

    /// Tells operators how an attempt ended.
    func note(_ end: JobEnd, of job: LeasedJob) {
        telemetry.count(.jobs, ["type": job.type, "outcome": end.name])
        let metadata: Logger.Metadata = ["type": "\(job.type)", "job": "\(job.id)", "about": "\(job.subject ?? "")"]
        switch end {
        case .dead(_, let error):
            telemetry.logger.error("job given up", metadata: metadata.merging(["error": "\(error)"]) { $1 })
        case .orphaned where job.deaths + 1 >= Suspicion.begins:
            telemetry.logger.warning(
                "a job may be what ended its processes; it runs alone from now on",
                metadata: metadata.merging(["deaths": "\(job.deaths + 1)"]) { $1 })
        default: break
        }
    }

    private func release(_ ids: [JobID]) async {
        do { try await leases.release(ids) } catch {
            telemetry.logger.error("jobs not put back", metadata: ["error": "\(error)"])
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

    /// Stops the jobs of those who may not do any more what their jobs do.
    private func watchRights() async {
        while (try? await Task.sleep(for: pace.rights)) != nil {
            for context in queue.active.contexts where await context.losesRights() { queue.active.stop(context.id, .refused) }
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
            let types = Dictionary(backlog.map { ($0.type, $0) }) { first, _ in first }
            for type in handlers.keys {
                telemetry.gauge(.jobsWaiting, Double(types[type]?.waiting ?? 0), ["type": type])
                telemetry.gauge(.jobsDead, Double(types[type]?.dead ?? 0), ["type": type])
                telemetry.gauge(.jobsSuspected, Double(types[type]?.suspected ?? 0), ["type": type])
            }
        } while (try? await Task.sleep(for: .seconds(10))) != nil
    }
}

extension Metric {
    static let jobs = Metric.counter("parley_jobs_total", "Job attempts by how they ended.", labels: ["type", "outcome"])
    static let jobsDead = Metric.gauge("parley_jobs_dead", "Jobs that were given up.", labels: ["type"])
    static let jobsSuspected = Metric.gauge(
        "parley_jobs_suspected", "Jobs that run alone, since they may be what ended their processes.", labels: ["type"])
    static let jobsWaiting = Metric.gauge("parley_jobs_waiting", "Jobs that wait, those for a later moment included.", labels: ["type"])
}
