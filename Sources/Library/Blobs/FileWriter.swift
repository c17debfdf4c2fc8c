import Foundation
import NIOCore
import ParleyCore

/// Appends to a new file and makes it durable. Used by one task at a time: writes are awaited one after another. The file is locked until
/// the writer is closed, so that every process can tell it from what a dead one left.
final class FileWriter: @unchecked Sendable {  // safe: its owner awaits each call before the next
    private let descriptor: CInt
    private var isOpen = true

    init(_ url: URL) throws {
        descriptor = try Self.made(url)
    }

    /// Made and locked; once more, if somebody took it for abandoned in between and removed it.
    private static func made(_ url: URL) throws -> CInt {
        while true {
            let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            var status = stat()
            guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0, fstat(descriptor, &status) == 0 else { throw failure() }
            if status.st_nlink > 0 { return descriptor }
            Glibc.close(descriptor)
        }
    }

    deinit { close() }

    func write(_ buffer: ByteBuffer) throws {
        try buffer.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw Self.failure() }
                rest = rest.dropFirst(written)  // fits: above 0
            }
        }
    }

    /// Waits until the bytes are on the disk.
    func sync() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure() }
    }

    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Removes a file that nobody writes.
    static func removeAbandoned(_ url: URL) {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(url.path) }
    }

    /// Makes a rename in the folder durable.
    static func syncFolder(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    /// The present `errno` as an error of the product.
    static func failure() -> ParleyError {
        let cause = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        if cause.code == .ENOSPC || cause.code == .EDQUOT {
            return ParleyError(.diskFull, "The disk is full: nothing was stored. Free some space and try again.", cause: cause)
        }
        return ParleyError(.internal, "The file could not be stored.", cause: cause)
    }
}
