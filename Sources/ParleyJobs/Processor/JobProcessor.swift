import Foundation
import Logging
import ParleyCore
public import ParleyTelemetry
public import ServiceLifecycle
import Synchronization

/// Runs jobs: takes what is due, keeps the leases alive, tries again with growing pauses, gives up as dead. On shutdown it
/// takes no more, lets running jobs finish for a while, then stops them and puts them back.
public struct JobProcessor: Service {
    /// How often due retries and other processes' jobs are looked for.
    private static let poll = Duration.seconds(1)

    private let queue: JobQueue
    private let handlers: [String: JobHandler]
    private let leases: JobLeases
    private let telemetry: Telemetry
    private let drain: Duration
    private let active = Active()

    /// - Parameter drain: how long running jobs may take to finish on shutdown.
    public init(queue: JobQueue, handlers: [JobHandler], telemetry: Telemetry, drain: Duration = .seconds(10)) {
        self.queue = queue
        self.handlers = Dictionary(handlers.map { ($0.type, $0) }) { first, _ in first }
        leases = JobLeases(database: queue.database, clock: queue.clock, worker: UUID().uuidString)
        (self.telemetry, self.drain) = (telemetry, drain)
        telemetry.metrics.register([.jobs])
    }

    public func run() async throws {
        let (turns, turn) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in queue.enqueued.stream() { turn.yield() } }
            group.addTask { await tick(turn) }
            group.addTask { await keepLeases() }
            await withTaskCancellationOrGracefulShutdownHandler {
                turn.yield()
                for await _ in turns { await takeJobs(turn) }
            } onCancelOrGracefulShutdown: {
                turn.finish()
            }
            await active.empty(within: drain)
            active.cancelAll()
            await active.empty(within: drain)
            group.cancelAll()
        }
    }

    private func tick(_ turn: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: Self.poll)) != nil { turn.yield() }
    }

    private func keepLeases() async {
        while (try? await Task.sleep(for: JobLeases.duration / 5)) != nil {
            do {
                for id in try await leases.extend(active.ids) { queue.stop(id) }
            } catch {
                telemetry.logger.error("leases not extended", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Fills the free places.
    private func takeJobs(_ turn: AsyncStream<Void>.Continuation) async {
        let places = handlers.mapValues { $0.concurrency - active.count(of: $0.type) }
        do {
            for job in try await leases.claim(places) { start(job, turn) }
        } catch {
            telemetry.logger.error("no jobs taken", metadata: ["error": "\(error)"])
        }
    }

    private func start(_ job: LeasedJob, _ turn: AsyncStream<Void>.Continuation) {
        let context = JobContext(job, leases: leases)
        let task = active.start(job.id, job.type) {
            await TraceContext.$current.withValue(.continuing(traceparent: job.traceparent, jobID: job.id.description)) {
                await perform(job, context)
            }
            queue.ended(job.id)
            turn.yield()
        }
        queue.began(job.id) {
            context.cancel()
            task.cancel()
        }
    }

    private func perform(_ job: LeasedJob, _ context: JobContext) async {
        let outcome: Outcome
        do {
            guard let handler = handlers[job.type] else { return }
            guard job.attempt <= job.maxAttempts else { throw LeaseLost() }
            try await telemetry.span("jobs.run", ["type": .string(job.type), "attempt": .int(job.attempt)]) { _ in
                try await handler.run(job.payload, context)
            }
            outcome = .done
        } catch is CancellationError where context.isCancelled {
            outcome = .cancelled
        } catch is CancellationError where Task.isCancelled {
            outcome = .released
        } catch {
            outcome = context.isLastAttempt ? .dead("\(error)") : .retry("\(error)")
        }
        telemetry.count(.jobs, ["type": job.type, "outcome": outcome.name])
        do { try await record(outcome, job) } catch {
            telemetry.logger.error("job's end not recorded; its lease will expire", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    private func record(_ outcome: Outcome, _ job: LeasedJob) async throws {
        switch outcome {
        case .done: try await leases.finish(job.id, .done)
        case .cancelled: try await leases.finish(job.id, .cancelled)
        case .released: try await leases.release(job.id)
        case .dead(let error):
            telemetry.logger.error("job given up", metadata: ["type": "\(job.type)", "error": "\(error)"])
            try await leases.finish(job.id, .dead, error: error)
        case .retry(let error):
            telemetry.logger.warning("job failed; it is tried again", metadata: ["type": "\(job.type)", "error": "\(error)"])
            try await leases.postpone(job.id, by: Self.pause(after: job.attempt), error: error)
        }
    }

    /// Doubles with each attempt from one second to five minutes, with jitter so that jobs that failed together do not
    /// come back together.
    private static func pause(after attempt: Int) -> Duration {
        .milliseconds(Int.random(in: 500...1000) * min(1 << min(attempt, 10), 300))
    }

    private enum Outcome {
        case done, cancelled, released
        case retry(String)
        case dead(String)

        var name: String {
            switch self {
            case .done: "done"
            case .cancelled: "cancelled"
            case .released: "released"
            case .retry: "retry"
            case .dead: "dead"
            }
        }
    }

    private struct LeaseLost: Error, CustomStringConvertible {
        var description: String { "the process that ran the last attempt died" }
    }
}

extension Metric {
    static let jobs = Metric.counter("parley_jobs_total", "Job attempts by how they ended.", labels: ["type", "outcome"])
}
