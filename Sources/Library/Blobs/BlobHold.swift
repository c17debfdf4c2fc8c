public import Foundation
import ParleyCore

/// Holds off the removal of files that no document names while somebody copies them. The sweep takes it alone, copiers share it; the system
/// gives it back when a process dies.
public final class BlobHold: Sendable {
    private static let name = "sweep"
    private static let pause = Duration.milliseconds(100)
    private let descriptor: CInt

    private init(_ folder: URL, _ operation: CInt) throws {
        descriptor = open(folder.appending(path: Self.name).path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileWriter.failure() }
        // A command of root's must not keep the server from it.
        var owner = stat()
        if geteuid() == 0, stat(folder.path, &owner) == 0 { fchown(descriptor, owner.st_uid, owner.st_gid) }
        guard flock(descriptor, operation | LOCK_NB) == 0 else { throw Taken() }
    }

    deinit { close(descriptor) }

    /// Nothing is swept as long as the value lives; waits for a sweep that is under way.
    /// - Throws: `CancellationError`, or what keeps the folder from being used.
    public static func shared(in folder: URL) async throws -> BlobHold {
        while true {
            do { return try BlobHold(folder, LOCK_SH) } catch is Taken { try await Task.sleep(for: pause) }
        }
    }

    /// For the sweep; nil when somebody copies files.
    static func alone(in folder: URL) throws -> BlobHold? {
        do { return try BlobHold(folder, LOCK_EX) } catch is Taken { return nil }
    }

    private struct Taken: Error {}
}
