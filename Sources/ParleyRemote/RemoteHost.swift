import Foundation
import ParleyCore
import ParleyTelemetry
import Synchronization

/// What is remembered of one host and port: its breaker and its bulkhead.
final class RemoteHost: Sendable {
    let name: String
    let bulkhead: Bulkhead
    private let breaker: Mutex<CircuitBreaker>
    private let state: Gauge

    init(_ name: String, _ configuration: RemoteClient.Configuration, _ metrics: MetricsRegistry) {
        self.name = name
        bulkhead = Bulkhead(limit: configuration.maxConcurrent)
        breaker = Mutex(CircuitBreaker(failureLimit: configuration.breakerFailures, pause: configuration.breakerPause))
        state = metrics.gauge(RemoteMetrics.circuit, ["host": name])
    }

    func ask() -> CircuitBreaker.Permission { change { $0.ask(at: .now) } }

    func record(_ outcome: CircuitBreaker.Outcome, of ticket: CircuitBreaker.Ticket) {
        change { $0.record(outcome, of: ticket, at: .now) }
    }

    private func change<T: Sendable>(_ body: (inout CircuitBreaker) -> T) -> T {
        breaker.withLock { breaker in
            defer { state.set(Self.number(breaker.state)) }
            return body(&breaker)
        }
    }

    private static func number(_ state: CircuitBreaker.State) -> Double {
        switch state {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }

    /// `host:port` in lower case; nil when the address is not `http` or `https` with a host.
    static func name(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(),
            !host.isEmpty, scheme == "http" || scheme == "https"
        else { return nil }
        return "\(host):\(parts.port ?? (scheme == "http" ? 80 : 443))"
    }
}
