public import ParleyDatabase
import Synchronization

/// What is remembered of how many jobs wait.
struct WaitingCount {
    var byType: [String: Int] = [:]
    var readAt: ContinuousClock.Instant?
}

extension JobQueue {
    private static let memory = Duration.seconds(1)

    /// How many jobs of these types wait, as of at most a second ago and with those that this process has queued since: cheap enough
    /// to ask before each piece of new work.
    public func waiting(_ types: [String]) async throws -> Int {
        let isFresh = waitingCount.withLock { $0.readAt.map { .now - $0 < Self.memory } ?? false }
        if !isFresh {
            let counts = try await database.read { connection in
                let rows = try connection.rows(
                    """
                    SELECT type, count(*) AS n FROM jobs WHERE state = 'queued' AND \(fragment: Suspicion.none) GROUP BY type
                    """)
                return Dictionary(try rows.map { (try $0["type"] as String, try $0["n"] as Int) }, uniquingKeysWith: +)
            }
            waitingCount.withLock { ($0.byType, $0.readAt) = (counts, .now) }
        }
        return waitingCount.withLock { count in types.reduce(0) { $0 + count.byType[$1, default: 0] } }
    }

    func noteWaiting(_ type: String) { waitingCount.withLock { $0.byType[type, default: 0] += 1 } }

    /// How many jobs of the type wait or run, as the transaction sees it.
    public func unfinished(_ type: String, in connection: Connection) throws -> Int {
        let states: [SQL] = [
            "state = 'queued' AND \(fragment: Suspicion.none)", "state = 'queued' AND \(fragment: Suspicion.some)", "state = 'running'",
        ]
        return try states.reduce(0) { sum, state in
            let row = try connection.row("SELECT count(*) AS n FROM jobs WHERE type = \(type) AND \(fragment: state)")
            return sum + (try row?["n"] ?? 0)
        }
    }
}
