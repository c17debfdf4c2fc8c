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
            var isStale = false
            while !Task.isCancelled {
                do {
                    if isStale { try await models.refresh() }
                    isStale = false
                    guard let event = try await feed.next() else { return }
                    isStale = event.kind.hasPrefix("language_model.")
                } catch {
                    telemetry.logger.warning("language models not brought up to date; tried again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: Self.patience)
                }
            }
        }
    }
}
