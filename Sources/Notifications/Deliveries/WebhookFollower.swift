import Logging
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
public import ParleyTelemetry
public import ServiceLifecycle

/// Reads the events and puts a message into the log of every webhook that wants it. How far it came is written in the transaction of
/// the messages, and a webhook takes an event once, so that nothing is lost or doubled by a crash or by several servers.
public struct WebhookFollower: Service {
    private static let reader = "webhooks"
    /// After so many events that no webhook wanted, the place is written down all the same.
    private static let stride = 1000
    private static let patience = Duration.seconds(1)
    private static let cleaning = Duration.seconds(3600)

    private let database: Database
    private let events: Events
    private let deliveries: DeliveryService
    private let first: EventPosition
    private let keeping: Duration
    private let clock: any WallClock
    private let telemetry: Telemetry
    private let store = DeliveryStore()
    private let hooks = WebhookStore()

    /// - Parameter first: where to begin when nothing was ever read.
    public init(
        database: Database, events: Events, deliveries: DeliveryService, after first: EventPosition, configuration: WebhookConfiguration,
        clock: any WallClock, telemetry: Telemetry
    ) {
        (self.database, self.events, self.deliveries, self.first) = (database, events, deliveries, first)
        (keeping, self.clock, self.telemetry) = (configuration.keepDeliveries, clock, telemetry)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            guard let start = await untilItWorks({ try await position() }) else { return }
            var feed = events.follow(after: start).makeAsyncIterator()
            var unwritten = 0
            var cleaned: Timestamp?
            while !Task.isCancelled {
                do {
                    guard let event = try await feed.next() else { return }
                    unwritten = await untilItWorks { try await take(event, unwritten) } ?? unwritten
                    if cleaned.map({ clock.now() - $0 >= Self.cleaning }) ?? true {
                        cleaned = clock.now()
                        await clean()
                    }
                } catch {
                    await pause(after: error)
                }
            }
        }
    }

    /// Where reading goes on; the place is written down at the first start, so that nothing told while the server is off is lost.
    private func position() async throws -> EventPosition {
        try await database.write { connection in
            if let stored = try store.position(of: Self.reader, in: connection).flatMap(EventPosition.init) { return stored }
            try store.setPosition(first.description, of: Self.reader, at: clock.now(), in: connection)
            return first
        }
    }

    /// - Returns: how many events were read since the place was written down.
    private func take(_ event: Event, _ unwritten: Int) async throws -> Int {
        let wanting = try await wanting(event)
        guard !wanting.webhooks.isEmpty || unwritten + 1 >= Self.stride else { return unwritten + 1 }
        try await database.write { connection in
            if let kind = wanting.kind {
                let body = DeliveryMessage.body(of: event)
                for webhook in wanting.webhooks { try deliveries.add(body, event, kind, to: webhook, in: connection) }
            }
            try store.setPosition(event.position.description, of: Self.reader, at: clock.now(), in: connection)
        }
        return 0
    }

    private func wanting(_ event: Event) async throws -> (webhooks: [Webhook], kind: WebhookEventKind?) {
        guard let project = event.project, let kind = WebhookEventKind(rawValue: event.kind) else { return ([], nil) }
        let webhooks = try await database.read { try hooks.webhooks(of: project, after: nil, limit: 100, in: $0) }
        return (webhooks.filter { $0.wants(kind) && $0.createdAt <= event.at }, kind)
    }

    private func clean() async {
        let before = clock.now() - keeping
        do { try await database.write { try store.remove(before: before, in: $0) } } catch {
            telemetry.logger.warning("old webhook deliveries could not be removed", metadata: ["error": "\(error)"])
        }
    }

    /// Tries again and again, as while the database is gone; nil when the task is cancelled.
    private func untilItWorks<T>(_ work: () async throws -> T) async -> T? {
        while !Task.isCancelled {
            do { return try await work() } catch { await pause(after: error) }
        }
        return nil
    }

    private func pause(after error: any Error) async {
        if error is CancellationError { return }
        telemetry.logger.warning("events could not be read for webhooks; tried again", metadata: ["error": "\(error)"])
        try? await Task.sleep(for: Self.patience)
    }
}
