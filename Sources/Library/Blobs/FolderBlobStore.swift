import Crypto
public import Foundation
public import NIOCore
import NIOPosix
import ParleyCore

/// Blobs in a folder: written to a temporary file, synced, then renamed to `ab/abcdef…`, so that a crash leaves either the
/// whole blob or none.
public struct FolderBlobStore: BlobStore {
    private let folder: URL
    private let threads = NIOThreadPool.singleton

    /// - Throws: when the folder cannot be made.
    public init(folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder.appending(path: "incoming"), withIntermediateDirectories: true)
    }

    public func put<Bytes: AsyncSequence & Sendable, Checked: Sendable>(
        _ bytes: Bytes, limit: Int, check: @escaping @Sendable (URL) throws -> Checked
    ) async throws -> (blob: StoredBlob, checked: Checked) where Bytes.Element == ByteBuffer {
        let temporary = folder.appending(path: "incoming/\(UUID().uuidString)")
        do {
            let writer = try await threads.runIfActive { try FileWriter(temporary) }
            var digest = SHA256()
            var size = 0
            for try await buffer in bytes {
                size += buffer.readableBytes
                guard size <= limit else {
                    throw ParleyError(.uploadTooLarge, "The file is larger than the limit of \(limit) bytes.")
                }
                buffer.withUnsafeReadableBytes { digest.update(bufferPointer: $0) }
                try await threads.runIfActive { try writer.write(buffer) }
            }
            guard size > 0 else { throw ParleyError(.uploadEmpty, "The file has no bytes.") }
            let hash = digest.finalize().hexadecimal
            let checked = try await threads.runIfActive { [size] in
                try writer.finish()
                let checked = try check(temporary)
                try keep(temporary, as: hash, size: size)
                return checked
            }
            return (StoredBlob(hash: hash, size: size), checked)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw error
        }
    }

    public func file(_ hash: String) async throws -> URL {
        let place = place(of: hash)
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw ParleyError(.blobMissing, "The document's file is missing from the data folder.")
        }
        return place
    }

    private func place(of hash: String) -> URL { folder.appending(path: "\(hash.prefix(2))/\(hash)") }

    private func keep(_ temporary: URL, as hash: String, size: Int) throws {
        let place = place(of: hash)
        let parent = place.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        guard rename(temporary.path, place.path) == 0 else { throw FileWriter.failure() }
        try FileWriter.syncFolder(parent)
    }
}

extension SHA256.Digest {
    var hexadecimal: String {
        map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }
}
