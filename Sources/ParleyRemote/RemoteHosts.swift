import ParleyTelemetry
import Synchronization

/// What is remembered of every host that is called.
final class RemoteHosts: Sendable {
    /// Beyond this number, hosts that rest are forgotten.
    private let limit: Int
    private let known = Mutex<[String: RemoteHost]>([:])

    init(limit: Int = 1000) { self.limit = limit }

    var all: [RemoteHost] { known.withLock { Array($0.values) } }

    /// The host of this name, made anew when it is not known.
    func host(_ name: String, _ make: (String) -> RemoteHost) -> RemoteHost {
        known.withLock { known in
            if let host = known[name] { return host }
            if known.count >= limit { known = known.filter { $0.value.bulkhead.inUse > 0 } }
            let made = make(name)
            known[name] = made
            return made
        }
    }
}

/// How a host's breaker stands.
public enum RemoteCircuit: String, Sendable, CaseIterable {
    /// Calls go through.
    case closed
    /// The next call is a trial whose outcome decides.
    case halfOpen = "half_open"
    /// Calls are refused for a while.
    case open
}
