import Logging
import ParleyCore
public import ParleyJobs
public import ParleyTelemetry
public import ServiceLifecycle

/// Keeps loaded indexes in line with the rows by following the events of documents.
public struct IndexFollower: Service {
    private static let patience = Duration.seconds(1)

    private let indexes: ProjectIndexes
    private let events: Events
    private let position: EventPosition
    private let telemetry: Telemetry

    /// - Parameter position: from before the first index was loaded, so that nothing falls in between.
    public init(indexes: ProjectIndexes, events: Events, after position: EventPosition, telemetry: Telemetry) {
        (self.indexes, self.events, self.position, self.telemetry) = (indexes, events, position, telemetry)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var feed = events.follow(after: position).makeAsyncIterator()
            while !Task.isCancelled {
                do {
                    guard let event = try await feed.next() else { return }
                    await take(event)
                } catch {
                    // The feed goes on where it was as soon as the database is back.
                    telemetry.logger.warning("events could not be read; tried again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.patience)
                }
            }
        }
    }

    private func take(_ event: Event) async {
        do {
            try await apply(event)
        } catch {
            telemetry.logger.error("index not brought up to date; it is loaded anew", metadata: ["error": "\(error)"])
            if let project = event.project { await indexes.drop(project) }
        }
    }

    private func apply(_ event: Event) async throws {
        guard let project = event.project else { return }
        switch event.kind {
        case "document.ready", "document.deleted", "document.restored":
            guard let document = DocumentID(event.subject) else { return }
            try await indexes.refresh(document, of: project)
        case "project.deleted": await indexes.drop(project)
        default: break
        }
    }
}
