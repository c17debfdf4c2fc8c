import AsyncHTTPClient
import NIOHTTP1
import ParleyCore
import ParleyTelemetry

/// One try of a call.
struct RemoteAttempt: Sendable {
    let request: HTTPClientRequest
    let deadline: ContinuousClock.Instant
    let errors: RemoteErrorMapper

    /// Time to the deadline, never below zero.
    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: deadline)) }
}

extension RemoteClient {
    /// Runs a call under the policy. `open` may run several times; `use` runs once, on what `open` gave, while the bulkhead is held.
    func call<Opened: Sendable, T>(
        _ request: RemoteRequest, _ host: RemoteHost, isolation: isolated (any Actor)? = #isolation,
        open: @escaping @Sendable (RemoteAttempt) async throws -> Opened, use: (Opened) async throws -> T
    ) async throws -> T {
        try await telemetry.span("remote.\(request.name)", ["host": .string(host.name)]) { span in
            let errors = RemoteErrorMapper(call: request.name, host: host.name)
            let own = ContinuousClock.now + (request.deadline ?? configuration.deadline)
            let deadline = min(own, RequestDeadline.current ?? own)
            let attempt = RemoteAttempt(request: Self.outgoing(request, span.context), deadline: deadline, errors: errors)
            // A call whose time is over is not made at all.
            guard attempt.remaining > .zero else { throw errors.timeout(Deadline.Exceeded()) }
            do {
                try await host.bulkhead.enter(within: attempt.remaining)
            } catch is Deadline.Exceeded {
                throw errors.busy()
            }
            defer { host.bulkhead.leave() }
            host.payIn()
            let opened = try await retrying(request, host, attempt, span, open)
            return try await use(opened)
        }
    }

    private func retrying<Opened: Sendable>(
        _ request: RemoteRequest, _ host: RemoteHost, _ attempt: RemoteAttempt, _ span: Span,
        _ open: @escaping @Sendable (RemoteAttempt) async throws -> Opened
    ) async throws -> Opened {
        let policy = RetryPolicy(attempts: request.idempotent ? configuration.attempts : 1)
        var failed = 0
        var last: (any Error)?
        while true {
            let ticket = try ticket(host, attempt.errors, after: last)
            do {
                return try await tried(request, host, ticket, attempt, open)
            } catch {
                failed += 1
                last = error
                guard let problem = error as? ParleyError, Self.isPassing(problem),
                    let delay = policy.delay(
                        failed: failed, retryAfter: problem.retryAfter,
                        remaining: min(attempt.remaining, request.longestWait ?? attempt.remaining), random: .random(in: 0...1))
                else { throw error }
                guard host.mayRetry() else {
                    telemetry.count(RemoteMetrics.retriesRefused, ["call": request.name, "host": host.label])
                    throw error
                }
                telemetry.count(RemoteMetrics.retries, ["call": request.name, "host": host.label])
                span.event("retry")
                try await Task.sleep(for: delay)
            }
        }
    }

    /// - Throws: when the breaker refuses: the failure that opened it during this call, else `remote.circuit_open`.
    private func ticket(_ host: RemoteHost, _ errors: RemoteErrorMapper, after last: (any Error)?) throws -> CircuitBreaker.Ticket {
        switch host.ask() {
        case .go(let ticket): return ticket
        case .refused(let wait): throw last ?? errors.circuitOpen(wait)
        }
    }

    private func tried<Opened: Sendable>(
        _ request: RemoteRequest, _ host: RemoteHost, _ ticket: CircuitBreaker.Ticket, _ attempt: RemoteAttempt,
        _ open: @Sendable (RemoteAttempt) async throws -> Opened
    ) async throws -> Opened {
        func note(_ outcome: CircuitBreaker.Outcome, _ name: String) {
            host.record(outcome, of: ticket)
            telemetry.count(RemoteMetrics.requests, ["call": request.name, "host": host.label, "outcome": name])
        }
        do {
            let opened = try await open(attempt)
            note(.success, "ok")
            return opened
        } catch {
            let mapped = attempt.errors.map(error)
            let problem = mapped as? ParleyError
            note(problem.map(Self.verdict) ?? .neither, problem?.code.name ?? "cancelled")
            throw mapped
        }
    }

    /// What a failure tells of the host: one that refuses a request is alive.
    private static func verdict(_ error: ParleyError) -> CircuitBreaker.Outcome {
        switch error.code {
        case .remoteUnreachable, .remoteTimeout: .failure
        case .addressRefused: .neither
        case .remoteRejected: ((error.cause as? RemoteRejection)?.status ?? 0) >= 500 ? .failure : .success
        default: .success
        }
    }

    /// True for what may be over at the next try.
    private static func isPassing(_ error: ParleyError) -> Bool {
        if error.code == .remoteUnreachable { return true }
        return (error.cause as? RemoteRejection).map { [429, 502, 503, 504].contains($0.status) } ?? false
    }

    static func outgoing(_ request: RemoteRequest, _ context: TraceContext) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        outgoing.headers.replaceOrAdd(name: "traceparent", value: context.traceparent)
        if let state = context.tracestate { outgoing.headers.replaceOrAdd(name: "tracestate", value: state) }
        if let bearer = request.bearer { outgoing.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(bearer.revealed)") }
        if !outgoing.headers.contains(name: "User-Agent") { outgoing.headers.add(name: "User-Agent", value: "Parley") }
        if let body = request.body { outgoing.body = .bytes(body) }
        return outgoing
    }
}
