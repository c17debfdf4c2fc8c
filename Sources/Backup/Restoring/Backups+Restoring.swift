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
        let parent = installation.dataFolder.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        let work = try WorkFolder(in: parent)
        defer { withExtendedLifetime(work) {} }
        let new = work.url.appending(path: "data", directoryHint: .isDirectory)
        try FileSystem.make(new)
        let unpacked = try await unpack(origin, in: work, to: new)
        let report = try await examine(unpacked, in: work, isTrial: false)
        let moment = clock.now()
        let former = try await onPatientThread { _ in try places.take(new, image: work.file("image"), at: moment) }
        return (report, former)
    }
}

/// Where restored files come to.
struct RestoredPlaces: Sendable {
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
        if !installation.isInDataFolder(installation.files), !Self.isEmpty(installation.files) {
            throw ParleyError(.backupOccupied, "The folder \(installation.files.path) is not empty; set another one as storage.path.")
        }
    }

    /// Puts everything in place, the data folder last and at once.
    /// - Returns: where the former data folder is.
    func take(_ new: URL, image: URL, at moment: Timestamp) throws -> URL? {
        if installation.engine == .sqlite { try move(image, to: installation.databaseFile, with: new) }
        let files = new.appending(path: EntryName.blobs)
        if installation.files.path != installation.dataFolder.appending(path: EntryName.blobs).path {
            try move(files, to: installation.files, with: new)
        }
        try FileSystem.syncAll(on: new)
        let folder = installation.dataFolder
        let former = try isReplacing && !Self.isEmpty(folder) ? setAside(folder, for: new, moment) : nil
        if former == nil {
            // A lock is all that an empty data folder may hold.
            unlink(folder.appending(path: Self.lock).path)
            try FileSystem.rename(new, to: folder)
        }
        try FileSystem.sync(folder.deletingLastPathComponent())
        return former
    }

    private static let lock = "lock"

    private static func isEmpty(_ folder: URL) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.allSatisfy { $0 == lock }
    }

    /// Moves a file or folder to where the settings want it, or to the same place in the new data folder.
    private func move(_ item: URL, to place: URL, with new: URL) throws {
        let inside = installation.isInDataFolder(place)
        let target = inside ? new.appending(path: String(place.path.dropFirst(installation.dataFolder.path.count + 1))) : place
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if !inside { unlink(target.appending(path: Self.lock).path) }
        try FileSystem.rename(item, to: target)
        if !inside { try FileSystem.sync(target.deletingLastPathComponent()) }
    }

    private func setAside(_ folder: URL, for new: URL, _ moment: Timestamp) throws -> URL {
        let aside = folder.deletingLastPathComponent().appending(path: "\(folder.lastPathComponent).before-\(BackupName.stamp(moment))")
        guard !FileManager.default.fileExists(atPath: aside.path) else {
            throw ParleyError(.backupOccupied, "\(aside.path) is there already.")
        }
        try FileSystem.exchange(new, folder)
        try FileSystem.rename(new, to: aside)
        return aside
    }
}
