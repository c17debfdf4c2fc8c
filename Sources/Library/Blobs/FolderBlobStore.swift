import Crypto
public import Foundation
public import NIOCore
import NIOPosix
import ParleyCore
import ParleyParsing

/// Blobs in a folder: written to a temporary file, synced, then renamed to `ab/abcdef…`, so that a crash leaves either the
/// whole blob or none.
public struct FolderBlobStore: BlobStore {
    let folder: URL
    let renaming: BlobLock
    private let disk: DiskSpace?
    private let threads = NIOThreadPool.singleton

    /// How many bytes are written until the room on the disk is looked at again.
    private static let stride = 16 << 20

    /// Takes the folder into use, alone or with other servers on the same database: what a process that died had received in part
    /// is removed.
    /// - Parameter disk: says when there is too little room for more.
    /// - Throws: when the folder cannot be made.
    public init(folder: URL, disk: DiskSpace? = nil) throws {
        (self.folder, self.disk) = (folder, disk)
        let incoming = folder.appending(path: "incoming")
        try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
        renaming = try BlobLock(folder.appending(path: "lock"))
        try makeFolders()
        for part in try FileManager.default.contentsOfDirectory(at: incoming, includingPropertiesForKeys: nil) {
            FileWriter.removeAbandoned(part)
        }
    }

    /// Marks the folder as this installation's, so that no other one takes its files for files that no document names.
    /// - Parameter installation: the same for all servers of one database, and for no other.
    /// - Throws: `storage.taken` when it is another's.
    public func claim(for installation: String) throws {
        let mark = folder.appending(path: "installation")
        let owner = try renaming.withLock {
            if !FileManager.default.fileExists(atPath: mark.path) { try Data(installation.utf8).write(to: mark, options: .atomic) }
            return try String(contentsOf: mark, encoding: .utf8)
        }
        guard owner == installation else {
            throw ParleyError(
                .storageTaken,
                "The folder \(folder.path) holds the files of another installation; choose another with storage.path.")
        }
    }

    public func put<Bytes: AsyncSequence & Sendable, Checked: Sendable>(
        _ bytes: Bytes, limit: Int, check: @escaping @Sendable (URL) throws -> Checked
    ) async throws -> (blob: StoredBlob, checked: Checked) where Bytes.Element == ByteBuffer {
        let temporary = folder.appending(path: "incoming/\(UUID().uuidString)")
        do {
            let writer = try await threads.runIfActive { try FileWriter(temporary) }
            defer { writer.close() }
            var digest = SHA256()
            var (size, looked) = (0, 0)
            for try await buffer in bytes {
                size += buffer.readableBytes
                guard size <= limit else {
                    throw ParleyError(.uploadTooLarge, "The file is larger than the limit of \(limit) bytes.")
                }
                buffer.withUnsafeReadableBytes { digest.update(bufferPointer: $0) }
                if size - looked >= Self.stride {
                    try disk?.check()
                    looked = size
                }
                try await threads.runIfActive { try writer.write(buffer) }
            }
            guard size > 0 else { throw ParleyError(.uploadEmpty, "The file has no bytes.") }
            let hash = digest.finalize().hexadecimal
            // Whoever sends much must not slow the others: a long look gives way.
            let checked = try await onWorkerThread(from: size) { try check(temporary) }
            try await threads.runIfActive {
                try writer.sync()
                try keep(temporary, as: hash)
            }
            return (StoredBlob(hash: hash, size: size), checked)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw error
        }
    }

    /// All folders that blobs come into are made beforehand, so that no upload has to make the coming of one durable.
    private func makeFolders() throws {
        let missing = (UInt8.min...UInt8.max).map { folder.appending(path: SHA256.hexadecimal($0)) }
            .filter { !FileManager.default.fileExists(atPath: $0.path) }
        for folder in missing { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        if !missing.isEmpty { try FileWriter.syncFolder(folder) }
    }

    public func file(_ hash: String) async throws -> URL {
        let place = place(of: hash)
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw ParleyError(.blobMissing, "The document's file is missing from the data folder.")
        }
        return place
    }

    func place(of hash: String) -> URL { folder.appending(path: "\(hash.prefix(2))/\(hash)") }

    private func keep(_ temporary: URL, as hash: String) throws {
        let place = place(of: hash)
        // The time that the sweep of unnamed files goes by is that of the renaming, and is newer than its look.
        try renaming.withLock {
            utimensat(AT_FDCWD, temporary.path, nil, 0)
            guard rename(temporary.path, place.path) == 0 else { throw FileWriter.failure() }
        }
        try FileWriter.syncFolder(place.deletingLastPathComponent())
    }
}

extension SHA256 {
    /// Two lower-case digits.
    static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

extension SHA256.Digest {
    var hexadecimal: String { map(SHA256.hexadecimal).joined() }
}
