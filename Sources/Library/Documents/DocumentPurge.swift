import Accounts
public import Foundation
import Logging
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
public import ParleyTelemetry
public import ServiceLifecycle

/// Removes purged documents, and purges those that have been deleted for long: passages first, a few at a time so that no other write waits
/// long, then files, then rows, which count against quotas until then.
public struct DocumentPurge: Service {
    public static let keepDeleted = Setting(
        "storage.keep_deleted", default: Duration.seconds(30 * 86_400), .range(.zero ... .seconds(3650 * 86_400)),
        "How long deleted documents can be restored; then they are removed for good.")

    private static let pause = Duration.seconds(20)
    private static let batch = 100
    private static let passages = 500

    private let database: Database
    let blobs: FolderBlobStore
    private let events: Events
    private let clock: any WallClock
    private let telemetry: Telemetry
    private let keep: Duration
    private let settling: TimeInterval
    private let store = PurgeStore()

    /// - Parameters:
    ///   - keep: how long a deleted document can be restored.
    ///   - settling: seconds after its upload within which a file stays, since the row that names it may still be on its way.
    public init(
        database: Database, blobs: FolderBlobStore, events: Events, clock: any WallClock, telemetry: Telemetry, keep: Duration,
        settling: TimeInterval = 120
    ) {
        (self.database, self.blobs, self.events, self.clock) = (database, blobs, events, clock)
        (self.telemetry, self.keep, self.settling) = (telemetry, keep, settling)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await round() } catch is CancellationError { return } catch {
                    telemetry.logger.error("deleted documents not purged", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// Purges what is due and removes what can be removed now.
    /// - Returns: how many documents are gone.
    @discardableResult
    func round() async throws -> Int {
        while try await markExpired() == Self.batch { try Task.checkCancellation() }
        var (removed, last) = (0, DocumentID?.none)
        while true {
            let after = last
            let leaving = try await database.read { try store.leaving(after: after, limit: Self.batch, in: $0) }
            for document in leaving { removed += try await remove(document) ? 1 : 0 }
            guard leaving.count == Self.batch else { break }
            last = leaving.last?.id
        }
        if removed > 0 { telemetry.logger.info("deleted documents were removed for good", metadata: ["documents": "\(removed)"]) }
        return removed
    }

    private func markExpired() async throws -> Int {
        let now = clock.now()
        let moment = now + .seconds(-keep.components.seconds)
        let isAny = try await database.read { try !store.expired(before: moment, limit: 1, in: $0).isEmpty }
        guard isAny else { return 0 }
        return try await database.write { connection in
            let expired = try store.expired(before: moment, limit: Self.batch, in: connection)
            for document in expired {
                try store.mark(document.id, at: now, in: connection)
                try events.append(
                    EventDraft(
                        kind: "document.purged", project: document.project, subject: document.id.description, actor: nil,
                        payload: .object([:])),
                    in: connection)
            }
            return expired.count
        }
    }

    /// - Returns: false when one of its files must stay for now.
    private func remove(_ document: PurgeStore.Leaving) async throws -> Bool {
        while try await database.write({ try store.removePassages(of: document.id, limit: Self.passages, in: $0) }) > 0 {
            try Task.checkCancellation()
        }
        guard let hold = try BlobHold.alone(in: blobs.folder) else { return false }
        defer { withExtendedLifetime(hold) {} }
        let needed = try await database.read { try store.needed(document.hashes, in: $0) }
        for hash in document.hashes where !needed.contains(hash) && blobs.holds(hash) {
            guard blobs.remove(hash, before: Date() - settling) else { return false }
        }
        try await database.write { try store.remove(document.id, in: $0) }
        return true
    }
}
