import Foundation
import ParleyCore
import Synchronization

/// A folder for what is not finished. What a process that was killed left is removed by the next one that works in
/// the same place.
final class WorkFolder: Sendable {
    private static let prefix = ".parley-backup-"
    let url: URL
    /// Nil once it is removed.
    private let lock: Mutex<CInt?>

    /// - Parameter parent: the folder to make it in.
    /// - Throws: `backup.failed` when it cannot be made.
    init(in parent: URL) throws {
        Self.removeAbandoned(in: parent)
        while true {
            let url = parent.appending(path: Self.prefix + UUID().uuidString.lowercased(), directoryHint: .isDirectory)
            guard mkdir(url.path, 0o700) == 0 else { throw OpenFile.failure("The folder \(parent.path) cannot be written") }
            // Gone already when another process took it for abandoned in between.
            guard let lock = Self.locked(url) else { continue }
            self.url = url
            self.lock = Mutex(lock)
            return
        }
    }

    deinit { remove() }

    /// Removes it with all that is in it: at once, while the value may live on in work that has just ended.
    func remove() {
        lock.withLock { lock in
            guard let descriptor = lock else { return }
            try? FileManager.default.removeItem(at: url)
            close(descriptor)
            lock = nil
        }
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    private static func removeAbandoned(in parent: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let folder = parent.appending(path: name, directoryHint: .isDirectory)
            guard let lock = locked(folder) else { continue }
            try? FileManager.default.removeItem(at: folder)
            close(lock)
        }
    }

    /// The lock of a folder that is there and that no living process has; nil otherwise.
    private static func locked(_ folder: URL) -> CInt? {
        let file = folder.appending(path: "lock").path
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return descriptor }
        close(descriptor)
        return nil
    }
}
