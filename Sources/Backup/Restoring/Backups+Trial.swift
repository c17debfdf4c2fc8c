import Foundation
import ParleyCore
import ParleyDatabase

extension Backups {
    /// Tries a back-up: reads all of it, restores its database in a temporary place, and looks at whether everything is there that its rows
    /// name. Nothing stays.
    /// - Parameter origin: a file is tried in its own folder, standard input in the folder for temporary files.
    /// - Throws: `backup.damaged`, `backup.passphrase`, `backup.program`, `backup.failed`, `database.schema_changed`.
    public func check(_ origin: BackupOrigin) async throws -> BackupReport {
        let place = if case .file(let file) = origin { file.deletingLastPathComponent() } else { FileManager.default.temporaryDirectory }
        // Beside the file, where there is room for it: but its folder may be one that is only read.
        let work = try (try? WorkFolder(in: place)) ?? WorkFolder(in: FileManager.default.temporaryDirectory)
        defer { work.remove() }
        let image = work.file("image")
        let unpacked = try await unpack(origin, in: work, image: image)
        return try await examine(unpacked, in: work, image: image, isTrial: true)
    }

    /// - Parameters:
    ///   - data: an empty folder for keys and settings; nil to keep the database's image alone.
    ///   - files: a new folder for the uploaded files; nil to read them without keeping them.
    func unpack(_ origin: BackupOrigin, in work: WorkFolder, image: URL, data: URL? = nil, files: URL? = nil) async throws
        -> Unpacker.Result
    {
        let passphrase = try configuration.passphrase()
        return try await onWorkerThread { [installation] stop in
            let unpacker = Unpacker(
                image: image, data: data, files: files, present: HashList(url: work.file("present")),
                accept: { manifest in
                    try accept(manifest, engine: installation.engine)
                    try require(manifest.databaseBytes, at: image)
                    if let files { try require(manifest.fileBytes, at: files) }
                }, stop: stop)
            return try unpacker.unpack(origin, passphrase: passphrase)
        }
    }

    private func accept(_ manifest: BackupManifest, engine: BackupManifest.Engine) throws {
        guard manifest.engine == engine else {
            throw ParleyError(
                .backupFailed,
                "The back-up is of \(manifest.engine == .sqlite ? "SQLite" : "PostgreSQL"); set database.url to such a database.")
        }
    }

    private func require(_ bytes: Int, at place: URL) throws {
        let folder = place.deletingLastPathComponent()
        guard let free = FileSystem.free(in: folder), free < bytes else { return }
        throw ParleyError(.backupFailed, "\(bytes >> 20) MB are needed on the disk of \(folder.path), and \(free >> 20) MB are free.")
    }

    /// Brings the database to life and holds what it names against the files that were unpacked.
    func examine(_ unpacked: Unpacker.Result, in work: WorkFolder, image: URL, isTrial: Bool) async throws -> BackupReport {
        let (present, installation) = (HashList(url: work.file("present")), installation)
        let found = try await images.use(image, madeBy: unpacked.manifest.dumpVersion, isTrial: isTrial) { database in
            let pending = try await Migrator(database, migrations: installation.migrations).pending().count
            return try await database.read { connection in
                let counts = try installation.rows.counts(connection)
                let missing = try present.missing { try installation.rows.forEachFile(connection, $0) }
                return Found(documents: counts.documents, people: counts.people, missing: missing, pending: pending)
            }
        }
        if let missing = found?.missing, missing != unpacked.manifest.missing + unpacked.damaged {
            throw ParleyError.damaged("\(missing) files that its documents name are not in it")
        }
        return BackupReport(
            manifest: unpacked.manifest, documents: found?.documents ?? 0, people: found?.people ?? 0, bytes: unpacked.bytes,
            isEncrypted: unpacked.isEncrypted, damaged: unpacked.damaged, pending: found?.pending ?? 0, isDatabaseTried: found != nil)
    }

    private struct Found: Sendable {
        let documents: Int
        let people: Int
        let missing: Int
        let pending: Int
    }
}

extension HashList {
    /// How many of the given hashes, which are in ascending order, are not in the list.
    /// - Throws: `backup.damaged` when the list has others.
    func missing(_ named: ((String) throws -> Void) throws -> Void) throws -> Int {
        let reader = try reader()
        var (missing, next) = (0, try reader.next())
        try named { hash in
            if let present = next, present < hash { throw ParleyError.damaged("it has files that no document names") }
            if next == hash { next = try reader.next() } else { missing += 1 }
        }
        guard next == nil else { throw ParleyError.damaged("it has files that no document names") }
        return missing
    }
}
