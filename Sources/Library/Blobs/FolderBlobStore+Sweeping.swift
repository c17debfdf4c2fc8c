import Foundation

extension FolderBlobStore {
    /// The folders that blobs lie in, by the first two digits of their hashes.
    func folders() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.lastPathComponent.count == 2
        }
    }

    func hashes(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.count == 64 }
    }

    func holds(_ hash: String) -> Bool { FileManager.default.fileExists(atPath: place(of: hash).path) }

    /// Removes the blob unless it was stored (again) at this moment or later.
    /// - Returns: whether it was removed.
    func remove(_ hash: String, before moment: Date) -> Bool {
        let place = place(of: hash)
        // Storing takes the lock too, so that a file that comes anew is not mistaken for the old one.
        return renaming.withLock {
            let attributes = try? FileManager.default.attributesOfItem(atPath: place.path)
            guard let stored = attributes?[.modificationDate] as? Date, stored < moment else { return false }
            return (try? FileManager.default.removeItem(at: place)) != nil
        }
    }
}

/// Held while a blob comes to its place or goes from it, by one thread of one of the processes that share the folder.
final class BlobLock: Sendable {
    private let lock = NSLock()
    private let descriptor: CInt

    /// - Parameter file: made when it is missing.
    init(_ file: URL) throws {
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileWriter.failure() }
    }

    deinit { close(descriptor) }

    func withLock<Value>(_ body: () throws -> Value) rethrows -> Value {
        lock.lock()
        defer { lock.unlock() }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }
}
