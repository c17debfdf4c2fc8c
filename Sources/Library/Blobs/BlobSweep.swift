import Foundation
import Logging
public import ParleyDatabase
public import ParleyTelemetry
public import ServiceLifecycle

/// Removes files that no document names: those whose upload was refused after its bytes were stored, or whose server died in between.
public struct BlobSweep: Service {
    private let blobs: FolderBlobStore
    private let database: Database
    private let telemetry: Telemetry
    private let isShared: Bool
    private let started = Date()
    private static let age = 3600

    /// - Parameter isShared: other servers may store files in the same folder.
    public init(blobs: FolderBlobStore, database: Database, telemetry: Telemetry, isShared: Bool = false) {
        (self.blobs, self.database, self.telemetry, self.isShared) = (blobs, database, telemetry, isShared)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            // What lay there at the start is in no upload's hands, unless it is another server's.
            await attempt(before: isShared ? started - TimeInterval(Self.age) : started)
            while (try? await Task.sleep(for: .seconds(Self.age))) != nil { await attempt(before: Date() - TimeInterval(Self.age)) }
        }
    }

    private func attempt(before moment: Date) async {
        do { try await sweep(before: moment) } catch is CancellationError {} catch {
            telemetry.logger.error("stored files not swept", metadata: ["error": "\(error)"])
        }
    }

    /// Removes what is older than this moment and in no revision; nothing while somebody copies the files.
    /// - Returns: how many files went.
    @discardableResult
    func sweep(before moment: Date) async throws -> Int {
        guard let hold = try BlobHold.alone(in: blobs.folder) else {
            telemetry.logger.info("stored files are being copied, so that none is removed now")
            return 0
        }
        defer { withExtendedLifetime(hold) {} }
        var removed = 0
        for folder in try blobs.folders() {
            let hashes = try blobs.hashes(in: folder)
            guard !hashes.isEmpty else { continue }
            let known = try await database.read { connection in
                Set(try connection.rows("SELECT DISTINCT content_hash FROM revisions WHERE content_hash IN \(list: hashes)").map(Self.hash))
            }
            for hash in hashes where !known.contains(hash) { removed += blobs.remove(hash, before: moment) ? 1 : 0 }
            try Task.checkCancellation()
        }
        if removed > 0 { telemetry.logger.info("files that no document names were removed", metadata: ["files": "\(removed)"]) }
        return removed
    }

    private static func hash(_ row: Row) throws -> String { try row["content_hash"] }
}
