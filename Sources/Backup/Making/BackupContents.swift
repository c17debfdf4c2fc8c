import Foundation
import ParleyCore

/// What goes into a back-up, in its order: the manifest, the database, the key and settings of the data folder, and the uploaded files by
/// their hashes.
struct BackupContents {
    let installation: BackedUpInstallation
    /// The database's image.
    let image: URL
    /// The files that the image names.
    let named: HashList

    func manifest(at moment: Timestamp, dumpVersion: Int, check: () throws -> Void) throws -> BackupManifest {
        var (files, bytes, missing) = (0, 0, 0)
        try named.visit { hash in
            try check()
            if let size = FileSystem.size(of: place(of: hash)) {
                files += 1
                bytes += size
            } else {
                missing += 1
            }
        }
        return BackupManifest(
            version: installation.version, madeAt: moment, engine: installation.engine, dumpVersion: dumpVersion,
            databaseBytes: try OpenFile(reading: image).size(), files: files, fileBytes: bytes, missing: missing,
            isKeyInSettings: installation.isKeyInSettings)
    }

    /// - Returns: how many uploaded files are not what their hashes say.
    func write(_ manifest: BackupManifest, to archive: ArchiveWriter, check: () throws -> Void) throws -> Int {
        try archive.add(EntryName.manifest, manifest.bytes)
        try add(image, as: manifest.engine.entry, archive, check)
        for name in try smallFiles() { try add(installation.dataFolder.appending(path: name), as: name, archive, check) }
        var damaged = 0
        try named.visit { hash in
            let file = place(of: hash)
            guard FileSystem.size(of: file) != nil else { return }
            if try add(file, as: EntryName.blob(hash), archive, check) != hash { damaged += 1 }
        }
        try archive.finish(damaged: damaged)
        return damaged
    }

    private func place(of hash: String) -> URL { installation.files.appending(path: "\(hash.prefix(2))/\(hash)") }

    /// The key, unless it is in the settings, and files with settings.
    private func smallFiles() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: installation.dataFolder.path).filter { name in
            guard EntryName.isSettings(name) || (name == EntryName.key && !installation.isKeyInSettings) else { return false }
            return FileSystem.size(of: installation.dataFolder.appending(path: name)).map { $0 <= EntryName.smallLimit } ?? false
        }
        return Array(names.sorted().prefix(EntryName.settingsLimit))
    }

    @discardableResult
    private func add(_ file: URL, as name: String, _ archive: ArchiveWriter, _ check: () throws -> Void) throws -> String {
        let source = try OpenFile(reading: file)
        return try archive.add(name, try source.size(), source, check: check)
    }
}
