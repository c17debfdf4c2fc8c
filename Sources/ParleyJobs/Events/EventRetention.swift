import Logging
public import ParleyCore
public import ParleyDatabase
public import ParleyTelemetry
public import ServiceLifecycle

/// Forgets events whose time is over, a few at a time so that no other write waits long.
public struct EventRetention: Service {
    public static let keep = Setting(
        "events.retention", default: Duration.seconds(400 * 86_400), .range(.seconds(30 * 86_400) ... .seconds(36_500 * 86_400)),
        "How long it is kept who changed what.")

    private static let batch = 1000
    private static let interval = Duration.seconds(3600)
    private let database: Database
    private let clock: any WallClock
    private let telemetry: Telemetry
    private let retention: Duration

    public init(database: Database, clock: any WallClock, telemetry: Telemetry, retention: Duration) {
        (self.database, self.clock, self.telemetry, self.retention) = (database, clock, telemetry, retention)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                do { try await round() } catch is CancellationError { return } catch {
                    telemetry.logger.warning("old events not forgotten", metadata: ["error": "\(error)"])
                }
            } while (try? await Task.sleep(for: Self.interval)) != nil
        }
    }

    /// - Returns: how many were forgotten.
    @discardableResult
    func round() async throws -> Int {
        // Ids begin with the time, so the oldest stand first in their index. The newest of all stays, so that no number comes again.
        let oldest = EventID(at: clock.now() - retention)
        var forgotten = 0
        while true {
            let count = try await database.write { connection in
                try connection.execute(
                    """
                    DELETE FROM events WHERE number < (SELECT max(number) FROM events)
                        AND id IN (SELECT id FROM events WHERE id < \(oldest) ORDER BY id LIMIT \(Self.batch))
                    """)
            }
            forgotten += count
            guard count == Self.batch else { return forgotten }
            try Task.checkCancellation()
        }
    }
}
