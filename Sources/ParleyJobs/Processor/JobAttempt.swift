import Logging
import ParleyCore
import ParleyDatabase
import ParleyTelemetry

/// One attempt at one job, from its beginning to the row that says how it ended.
struct JobAttempt: Sendable {
    private let processor: JobProcessor
    private let job: LeasedJob
    private let handler: JobHandler
    private let context: JobContext

    init(_ processor: JobProcessor, _ job: LeasedJob, _ handler: JobHandler, _ context: JobContext) {
        (self.processor, self.job, self.handler, self.context) = (processor, job, handler, context)
    }

    func run(until stops: AsyncStream<JobStop>) async {
        await TraceContext.$current.withValue(.continuing(traceparent: job.traceparent, jobID: job.id.description)) {
            if let end = end(of: await work(until: stops)) { await record(end) }
        }
        processor.queue.active.remove(job.id)
        processor.queue.changes.raise()
    }

    private enum Happening: Sendable {
        case worked(Result<Void, any Error>)
        case stopped(JobStop)
        case timedOut
    }

    /// Does the work, and has it cancelled when it is to stop or takes too long.
    /// - Returns: what the work gave, and what happened before.
    private func work(until stops: AsyncStream<JobStop>) async -> (result: Result<Void, any Error>, before: Happening?) {
        await withTaskGroup(of: Happening?.self) { group in
            group.addTask { .worked(await WriteUrgency.$current.withValue(handler.urgency) { await attempt() }) }
            group.addTask {
                for await reason in stops { return .stopped(reason) }
                return nil
            }
            if let timeout = handler.timeout {
                group.addTask { (try? await Task.sleep(for: timeout)) == nil ? nil : .timedOut }
            }
            var before: Happening?
            for await happening in group {
                group.cancelAll()
                if case .worked(let result)? = happening { return (result, before) }
                before = before ?? happening
            }
            return (.failure(CancellationError()), before)
        }
    }

    private func attempt() async -> Result<Void, any Error> {
        do {
            try await processor.telemetry.span("jobs.run", ["type": .string(job.type), "attempt": .int(job.attempt)]) { _ in
                guard let timeout = handler.timeout else { return try await handler.run(job.payload, context) }
                try await RequestDeadline.within(timeout) { try await handler.run(job.payload, context) }
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Nil when the job is not ours any more. Work that was done counts as done, even when it was to be stopped.
    private func end(of work: (result: Result<Void, any Error>, before: Happening?)) -> JobEnd? {
        guard case .failure(let error) = work.result else { return .done }
        switch work.before {
        case .stopped(.leaseLost): return nil
        case .stopped(.cancelled): return .cancelled
        case .stopped(.refused): return failed(context.refusal?.message ?? "\(error)", isFinal: true, pause: .zero)
        case .stopped(.putBack): return .released
        case .timedOut: return failed("The attempt took longer than \(handler.timeout ?? .zero).", isFinal: false, pause: .zero)
        case .worked, nil:
            if context.isCancelled, error is CancellationError { return .cancelled }
            if Task.isCancelled, error is CancellationError { return .released }
            return failed("\(error)", isFinal: error.isFinalForJob, pause: (error as? ParleyError)?.retryAfter ?? .zero)
        }
    }

    private func failed(_ reason: String, isFinal: Bool, pause: Duration) -> JobEnd {
        if isFinal || context.isLastAttempt {
            return .dead(.failed, reason)
        }
        processor.telemetry.logger.warning("job failed; it is tried again", metadata: ["type": "\(job.type)", "error": "\(reason)"])
        return .retry(max(pause, processor.pace.backoff(job.failures + 1)), reason)
    }

    private func record(_ end: JobEnd) async {
        processor.note(end, of: job)
        do {
            try await processor.leases.end(job, end) { [processor, job] connection in
                if case .dead(let cause, _) = end { try processor.giveUp(job, cause, in: connection) }
            }
        } catch {
            processor.telemetry.logger.error("job's end not recorded; its lease will expire", metadata: ["error": "\(error)"])
        }
    }
}

extension Error {
    /// Whether another attempt would fail alike.
    fileprivate var isFinalForJob: Bool {
        if self is UnreadablePayload { return true }
        guard let error = self as? ParleyError else { return false }
        switch error.code.kind {
        case .invalid, .unauthenticated, .forbidden, .notFound, .unprocessable, .tooLarge, .unsupportedMediaType: return true
        default: return false
        }
    }
}
