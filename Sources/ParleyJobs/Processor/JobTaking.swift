import Logging
import ParleyCore
import ParleyDatabase
import ParleyTelemetry

/// Decides which jobs a processor takes next: those that are due, up to the places of each type, and suspects one at a time while
/// nothing else runs.
struct JobTaking {
    private let processor: JobProcessor
    private var places: [String: JobPlaces]
    private var turns: SuspectTurns

    init(_ processor: JobProcessor) {
        self.processor = processor
        places = processor.handlers.mapValues { JobPlaces($0.concurrency, $0.sharing) }
        turns = SuspectTurns(processor.pace, at: .now)
    }

    mutating func take() async -> [LeasedJob] {
        do { return try await takeNext(at: .now) } catch {
            processor.telemetry.logger.error("no jobs taken", metadata: ["error": "\(error)"])
            return []
        }
    }

    private mutating func takeNext(at now: ContinuousClock.Instant) async throws -> [LeasedJob] {
        let active = processor.queue.active
        if let suspect = active.suspect {
            let urgent = processor.handlers.values.filter { $0.urgency == .awaited }.map(\.type)
            if turns.isOver(at: now), try await processor.leases.isAnyDue(urgent) {
                turns.giveWay()
                active.stop(suspect, .putBack)
            }
            return []
        }
        turns.end(at: now)
        if turns.isResting(at: now) {
            let jobs = try await takeOrdinary()
            if !jobs.isEmpty || !active.ids.isEmpty { return jobs }
        }
        guard let deaths = turns.deaths(at: now) else { return try await takeOrdinary() }
        guard let suspect = try await processor.leases.suspect(Array(processor.handlers.keys), deaths: deaths) else {
            turns.noneWaits()
            return try await takeOrdinary()
        }
        if active.ids.isEmpty, let job = try await processor.leases.claim(suspect: suspect) {
            turns.begin(job.id, at: now)
            return [job]
        }
        switch turns.clear(at: now) {
        case .wait: return []
        case .putBack:
            active.stopAll(.putBack)
            return []
        case .giveWay:
            processor.telemetry.logger.warning("a suspected job waits for jobs that do not stop", metadata: ["job": "\(suspect)"])
            return try await takeOrdinary()
        }
    }

    private mutating func takeOrdinary() async throws -> [LeasedJob] {
        let lanes = processor.queue.active.lanes
        for type in places.keys { places[type]?.set(running: lanes[type] ?? []) }
        return try await processor.leases.claim(&places)
    }
}
