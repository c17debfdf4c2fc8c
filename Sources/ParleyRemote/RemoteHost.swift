import Foundation
import ParleyCore
import Synchronization

/// What is remembered of one host and port: its breaker, its bulkhead and what is left for retries.
final class RemoteHost: Sendable {
    let name: String
    /// How metrics call it.
    let label: String
    let bulkhead: Bulkhead
    private let breaker: Mutex<CircuitBreaker>
    private let budget: Mutex<RetryBudget>

    /// - Parameter label: the name, unless hosts that users name share one.
    init(_ name: String, _ configuration: RemoteClient.Configuration, label: String? = nil) {
        self.name = name
        self.label = label ?? name
        bulkhead = Bulkhead(limit: configuration.maxConcurrent)
        breaker = Mutex(CircuitBreaker(failureLimit: configuration.breakerFailures, pause: configuration.breakerPause))
        budget = Mutex(RetryBudget(share: configuration.retryShare))
    }

    var circuit: RemoteCircuit { breaker.withLock { $0.circuit(at: .now) } }

    func payIn() { budget.withLock { $0.payIn() } }
    func mayRetry() -> Bool { budget.withLock { $0.takeOut() } }

    func ask() -> CircuitBreaker.Permission { breaker.withLock { $0.ask(at: .now) } }

    func record(_ outcome: CircuitBreaker.Outcome, of ticket: CircuitBreaker.Ticket) {
        breaker.withLock { $0.record(outcome, of: ticket, at: .now) }
    }

    /// `host:port` in lower case; nil when the address is not `http` or `https` with a host.
    static func name(of url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(),
            !host.isEmpty, scheme == "http" || scheme == "https"
        else { return nil }
        return "\(host):\(parts.port ?? (scheme == "http" ? 80 : 443))"
    }
}
