import Logging
import ParleyCore
import ParleyTelemetry
import ServiceLifecycle

/// Forgets answers and outcomes whose time is over, every few minutes.
struct ContractSweep: Service {
    let idempotency: IdempotencyRecords
    let bulk: BulkJobs
    let telemetry: Telemetry
    var interval = Duration.seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await idempotency.sweep()
                    try await bulk.sweep()
                } catch is CancellationError {
                    return
                } catch {
                    telemetry.logger.warning("answers that are over could not be forgotten", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
