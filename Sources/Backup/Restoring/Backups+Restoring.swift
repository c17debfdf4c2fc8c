public import Foundation
import ParleyCore

extension Backups {
    /// Restores a back-up into the data folder and, where the settings name another place for them, the database and the uploaded files. All
    /// is read and looked at before anything is put in place.
    /// - Parameter replacing: the data folder may hold another installation, which is moved aside; nobody may have it open.
    /// - Returns: what was restored, and where the former data folder is now.
    /// - Throws: `backup.occupied` when there is something already, and what `check` throws.
    public func restore(_ origin: BackupOrigin, replacing: Bool = false) async throws -> (report: BackupReport, former: URL?) {
        let places = RestoredPlaces(installation: installation, isReplacing: replacing)
        try places.check()
        try await images.checkPlace()
        let staging = try Staging(for: installation)
        defer { staging.remove() }
        let unpacked = try await unpack(origin, in: staging.work, image: staging.image, data: staging.data, files: staging.files)
        let report = try await examine(unpacked, in: staging.work, image: staging.image, isTrial: false)
        let moment = clock.now()
        let former = try await onWorkerThread { _ in try places.take(staging, at: moment) }
        return (report, former)
    }
}

/// Where restored files come to.
struct RestoredPlaces: Sendable {
    private static let lock = "lock"

    let installation: BackedUpInstallation
    let isReplacing: Bool

    /// - Throws: `backup.occupied`.
    func check() throws {
        if !isReplacing, !Self.isEmpty(installation.dataFolder) {
            throw ParleyError(
                .backupOccupied,
                "The data folder \(installation.dataFolder.path) is not empty; name another one by data.path, or say --replace to put the back-up in its place."
            )
        }
        if installation.pathInDataFolder(installation.files) == nil, !Self.isEmpty(installation.files) {
            throw ParleyError(.backupOccupied, "The folder \(installation.files.path) is not empty; set another one as storage.path.")
        }
    }

    /// Puts everything in place, the data folder last and at once.
    /// - Returns: where the former data folder is.
    func take(_ staging: Staging, at moment: Timestamp) throws -> URL? {
        for (part, place) in staging.others { try put(part, place) }
        guard isReplacing, !Self.isEmpty(installation.dataFolder) else {
            try put(staging.data, installation.dataFolder)
            return nil
        }
        return try exchange(staging.data, installation.dataFolder, moment)
    }

    /// A lock is all that a folder may hold to be empty.
    private static func isEmpty(_ folder: URL) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.allSatisfy { $0 == lock }
    }

    /// Puts a file or folder where there is nothing.
    private func put(_ part: URL, _ place: URL) throws {
        try FileSystem.syncAll(on: part)
        unlink(place.appending(path: Self.lock).path)
        try FileSystem.rename(part, to: place)
        try FileSystem.sync(place.deletingLastPathComponent())
    }

    /// Puts the new folder into the place of the former one, which comes aside.
    private func exchange(_ new: URL, _ folder: URL, _ moment: Timestamp) throws -> URL {
        let aside = folder.deletingLastPathComponent().appending(path: "\(folder.lastPathComponent).before-\(BackupName.stamp(moment))")
        try FileSystem.syncAll(on: new)
        // First, so that the former folder is never among what the next process takes for abandoned.
        try FileSystem.rename(new, to: aside)
        do { try FileSystem.exchange(aside, folder) } catch {
            try FileSystem.rename(aside, to: new)
            throw error
        }
        try FileSystem.sync(folder.deletingLastPathComponent())
        return aside
    }
}
