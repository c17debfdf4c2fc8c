import Foundation
import ParleyCore
import Synchronization

/// The data folder, held by this process alone: a second server or command on it would not see the first one's indexes.
final class DataFolder: Sendable {
    let url: URL
    private let lock: Mutex<CInt?>

    /// Makes the folder if need be and takes its lock.
    /// - Throws: `data.in_use` when another process holds it, `data.unusable` when it cannot be made or written.
    init(_ url: URL) throws {
        self.url = url
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ParleyError(.dataUnusable, "The data folder \(url.path) cannot be made; choose another with data.path.", cause: error)
        }
        let descriptor = open(url.appending(path: "lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ParleyError(.dataUnusable, "The data folder \(url.path) cannot be written; check its owner and rights.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ParleyError(
                .dataInUse, "Another Parley process holds the data folder \(url.path); stop it, or talk to it with --server.")
        }
        lock = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets others have the folder.
    func release() {
        lock.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}

extension ErrorCode {
    static let dataInUse = Self("data.in_use", .conflict, "The data folder is in use")
    static let dataUnusable = Self("data.unusable", .unavailable, "The data folder cannot be used")
}
