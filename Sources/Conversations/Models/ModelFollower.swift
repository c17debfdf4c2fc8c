import Logging
import ParleyCore
public import ParleyJobs
public import ParleyTelemetry
public import ServiceLifecycle

/// Learns of language models that other servers on the same database added, changed or took away.
public struct ModelFollower: Service {
    private static let patience = Duration.seconds(1)

    private let models: LanguageModelService
    private let events: Events
    private let position: EventPosition
    private let telemetry: Telemetry

    /// - Parameter position: from before the models were first read.
    public init(models: LanguageModelService, events: Events, after position: EventPosition, telemetry: Telemetry) {
        (self.models, self.events, self.position, self.telemetry) = (models, events, position, telemetry)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var feed = events.follow(after: position).makeAsyncIterator()
            while !Task.isCancelled {
                do {
                    guard let event = try await feed.next() else { return }
                    if event.kind.hasPrefix("language_model.") { try await models.refresh() }
                } catch {
                    telemetry.logger.warning("language models not brought up to date; tried again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.patience)
                }
            }
        }
    }
}
