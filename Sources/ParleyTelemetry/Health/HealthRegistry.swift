import ParleyCore
import Synchronization

/// The health checks of all components. Answers are kept for about a second, so that many probes cost one round of checks.
public final class HealthRegistry: Sendable {
    private struct State {
        var checks: [HealthCheck]
        var draining = false
        var round: (begun: ContinuousClock.Instant, task: Task<[HealthReport.Dependency], Never>)?
    }

    private let state: Mutex<State>
    private let cachedFor: Duration
    private let started = ContinuousClock.now

    public init(_ checks: [HealthCheck] = [], cachedFor: Duration = .seconds(1)) {
        state = Mutex(State(checks: checks))
        self.cachedFor = cachedFor
    }

    public func add(_ check: HealthCheck) { state.withLock { $0.checks.append(check) } }

    /// From now on the server is not ready, because it shuts down.
    public func drain() { state.withLock { $0.draining = true } }

    /// The process runs and answers; asks no dependency.
    public func live() -> HealthReport { report(.ok, []) }

    /// Asks every dependency at once, each with its own deadline. A required one that is down makes the whole down, anything else
    /// that is not ok makes it degraded.
    public func ready() async -> HealthReport {
        if state.withLock({ $0.draining }) {
            let reason = HealthReport.Dependency(
                name: "server", status: .down, required: true, detail: "The server is shutting down.", durationMilliseconds: 0)
            return report(.down, [reason])
        }
        let dependencies = await round().value
        let isDown = dependencies.contains { $0.status == .down && $0.required }
        return report(isDown ? .down : dependencies.allSatisfy { $0.status == .ok } ? .ok : .degraded, dependencies)
    }

    /// The round under way or still fresh, else a new one. It is a task of its own because several callers share it.
    private func round() -> Task<[HealthReport.Dependency], Never> {
        state.withLock { state in
            if let round = state.round, round.begun.duration(to: .now) < cachedFor { return round.task }
            let checks = state.checks
            let task = Task { await Self.run(checks) }
            state.round = (.now, task)
            return task
        }
    }

    private func report(_ status: HealthStatus, _ dependencies: [HealthReport.Dependency]) -> HealthReport {
        HealthReport(status: status, uptimeSeconds: started.duration(to: .now).seconds, dependencies: dependencies)
    }

    private static func run(_ checks: [HealthCheck]) async -> [HealthReport.Dependency] {
        await withTaskGroup { group in
            for check in checks { group.addTask { await run(check) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.name < $1.name }
        }
    }

    private static func run(_ check: HealthCheck) async -> HealthReport.Dependency {
        let begun = ContinuousClock.now
        let result = await HealthRace(check).result()
        let duration = begun.duration(to: .now)
        return HealthReport.Dependency(
            name: check.name, status: result.status, required: check.required, detail: result.detail.map(Redaction.text),
            durationMilliseconds: (duration.seconds * 1_000_000).rounded() / 1000)
    }
}

/// Runs a check against its deadline. The check is a task of its own, so that one that never ends and does not heed cancellation
/// still gives an answer in time.
private final class HealthRace: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<HealthResult, Never>)
        case answered(HealthResult)
    }

    private let check: HealthCheck
    private let state = Mutex(State.running)

    init(_ check: HealthCheck) { self.check = check }

    func result() async -> HealthResult {
        let work = Task { self.answer(await Self.outcome(check)) }
        let timer = Task {
            try? await Task.sleep(for: check.deadline)
            self.answer(.down("No answer within \(check.deadline.settingText)."))
        }
        let result = await withCheckedContinuation { continuation in
            let early: HealthResult? = state.withLock { state in
                if case .answered(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
        work.cancel()
        timer.cancel()
        return result
    }

    private static func outcome(_ check: HealthCheck) async -> HealthResult {
        do {
            return try await check.run()
        } catch let error as ParleyError {
            return .down(error.message)
        } catch {
            return .down(String(describing: error))
        }
    }

    /// The first answer counts.
    private func answer(_ result: HealthResult) {
        let waiting: CheckedContinuation<HealthResult, Never>? = state.withLock { state in
            defer { if case .answered = state {} else { state = .answered(result) } }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: result)
    }
}
