import Foundation
import ParleyCore

/// Reads a back-up to its end and holds it against its checksums. Names, order and sizes must be those that back-ups have: whatever is in
/// the file, nothing is written but to the places that are named here.
struct Unpacker {
    /// A new file for the database's image.
    let image: URL
    /// An empty folder for keys and settings; nil to read them without keeping them.
    let data: URL?
    /// A new folder for the uploaded files; nil likewise.
    let files: URL?
    /// Gets the hashes of the uploaded files that are whole.
    let present: HashList
    /// Looks at what the file says of itself, before anything of it is kept.
    let accept: (BackupManifest) throws -> Void
    let stop: StopSign

    /// What was read.
    struct Result: Sendable {
        let manifest: BackupManifest
        let isEncrypted: Bool
        let bytes: Int
        let damaged: Int
    }

    /// - Throws: `backup.damaged`, `backup.passphrase`, `backup.failed`, or what `accept` throws.
    func unpack(_ origin: BackupOrigin, passphrase: Secret?) throws -> Result {
        let opened = try OpenedBackup(try origin.open(stop), passphrase: passphrase)
        let entries = EntryReader(opened.archive, stop)
        let manifest = try BackupManifest(parsing: try entries.small(EntryName.manifest))
        try accept(manifest)
        try entries.content(manifest.engine.entry, length: manifest.databaseBytes, to: image)
        try keepSmallFiles(entries)
        let damaged = try keepFiles(entries, manifest)
        try entries.checkSums()
        let last = try entries.small(EntryName.end)
        let end = (try? JSONValue(parsing: last)) ?? .null
        guard end["sha256"]?.string == opened.archive.sumBefore, end["damaged_files"]?.int == Int64(damaged), try entries.isOver() else {
            throw ParleyError.damaged("its content does not have the sum that stands at its end")
        }
        return Result(manifest: manifest, isEncrypted: opened.isEncrypted, bytes: opened.count(), damaged: damaged)
    }

    private func keepSmallFiles(_ entries: EntryReader) throws {
        var count = 0
        while let header = try entries.upcoming(), header.name == EntryName.key || EntryName.isSettings(header.name) {
            count += 1
            guard header.length <= EntryName.smallLimit, count <= EntryName.settingsLimit else {
                throw ParleyError.damaged("\(header.name) is too large")
            }
            _ = try entries.content(header.name, length: header.length, to: data?.appending(path: header.name))
        }
    }

    /// - Returns: how many were damaged when the back-up was made; those are not kept.
    private func keepFiles(_ entries: EntryReader, _ manifest: BackupManifest) throws -> Int {
        var (count, bytes, damaged, last) = (0, 0, 0, "")
        if let files { try FileSystem.make(files) }
        try present.fill { add in
            while let header = try entries.upcoming(), let hash = EntryName.hash(of: header.name) {
                (count, bytes) = (count + 1, bytes + header.length)
                guard hash > last, count <= manifest.files, bytes <= manifest.fileBytes else {
                    throw ParleyError.damaged("it has more or other files than it says")
                }
                let folder = files?.appending(path: String(hash.prefix(2)))
                if let folder, hash.prefix(2) != last.prefix(2) { try FileSystem.make(folder) }
                last = hash
                let place = folder?.appending(path: hash)
                if try entries.content(header.name, length: header.length, to: place) == hash {
                    try add(hash)
                } else {
                    damaged += 1
                    if let place { try FileManager.default.removeItem(at: place) }
                }
            }
        }
        guard count == manifest.files, bytes == manifest.fileBytes else { throw ParleyError.damaged("files are missing from it") }
        return damaged
    }
}
