import ParleyAuthority
import ParleyCore
import Synchronization

/// The sessions of clients that began with `initialize`. They live in memory: after a restart a client begins anew, as the
/// protocol foresees.
final class MCPSessions: Sendable {
    struct Session: Sendable {
        let user: UserID
        let version: String
        var usedAt: Timestamp
        /// Answers being made for requests of the session, by the request's id.
        var running: [JSONValue: MCPRunning] = [:]
        /// The documents that the client has subscribed to.
        var addresses: Set<String> = []
        /// The newest stream of notifications; older ones end.
        var stream = 0
    }

    static let mostAddresses = 1000

    private static let life = Duration.seconds(3600)
    private static let mostOfOne = 100
    private let sessions = Mutex<[String: Session]>([:])
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    /// A new session; the person's oldest makes room when there are too many.
    func begin(_ caller: Scope<ProtocolsUse>, version: String) -> String {
        let now = clock.now()
        let id = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        sessions.withLock { sessions in
            sessions = sessions.filter { now - $0.value.usedAt < Self.life }
            let own = sessions.filter { $0.value.user == caller.principal.user }.sorted { $0.value.usedAt < $1.value.usedAt }
            for (old, _) in own.prefix(max(0, own.count - Self.mostOfOne + 1)) { sessions[old] = nil }
            sessions[id] = Session(user: caller.principal.user, version: version, usedAt: now)
        }
        return id
    }

    /// The session's revision, when it is alive and the caller's.
    func use(_ id: String, _ caller: Scope<ProtocolsUse>) -> String? {
        let now = clock.now()
        return sessions.withLock { sessions in
            guard let session = sessions[id], session.user == caller.principal.user, now - session.usedAt < Self.life else { return nil }
            sessions[id]?.usedAt = now
            return session.version
        }
    }

    /// Whether there was such a session.
    func end(_ id: String, _ caller: Scope<ProtocolsUse>) -> Bool {
        sessions.withLock { sessions in
            guard sessions[id]?.user == caller.principal.user else { return false }
            sessions[id] = nil
            return true
        }
    }

    /// Whether there was room.
    func subscribe(_ address: String, in id: String) -> Bool {
        sessions.withLock { sessions in
            guard let session = sessions[id], session.addresses.count < Self.mostAddresses else { return false }
            sessions[id]?.addresses.insert(address)
            return true
        }
    }

    func unsubscribe(_ address: String, in id: String) { sessions.withLock { _ = $0[id]?.addresses.remove(address) } }

    /// A number for a new stream of notifications.
    func beginStream(in id: String) -> Int {
        sessions.withLock { sessions in
            sessions[id]?.stream += 1
            return sessions[id]?.stream ?? 0
        }
    }

    /// What a stream has to tell of; nil when the session has ended, or has a newer stream.
    func wishes(in id: String, stream: Int) -> MCPWishes? {
        sessions.withLock { sessions in
            guard let session = sessions[id], session.stream == stream else { return nil }
            return MCPWishes(listChanged: true, addresses: session.addresses)
        }
    }

    func begin(_ running: MCPRunning, request: JSONValue, in id: String) { sessions.withLock { $0[id]?.running[request] = running } }
    func end(request: JSONValue, in id: String) { sessions.withLock { $0[id]?.running[request] = nil } }
    func running(_ request: JSONValue, in id: String) -> MCPRunning? { sessions.withLock { $0[id]?.running[request] } }
}

/// An answer that a client may still stop.
struct MCPRunning: Sendable {
    let answer: Message
    let scope: ProjectScope<ThreadsUse>
    let isMarked: Bool
}
