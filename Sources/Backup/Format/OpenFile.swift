import Foundation
import ParleyCore

/// A file that is read or written from its beginning to its end.
final class OpenFile: ByteSink, ByteSource {
    /// Bytes that a pipe takes without waiting once it takes any (PIPE_BUF).
    private static let pipeWrite = 4096
    private let descriptor: CInt
    /// Looked at while a pipe is waited for; nil for a file of our own.
    private let stop: StopSign?

    /// Standard input or output, which may be a pipe whose other end does nothing.
    init(standard descriptor: CInt, _ stop: StopSign) { (self.descriptor, self.stop) = (descriptor, stop) }

    /// - Throws: `not_found` when there is none.
    init(reading url: URL) throws {
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        stop = nil
        guard descriptor >= 0 else {
            throw ParleyError(.notFound, "The file \(url.path) is not there or cannot be read.", cause: Self.cause)
        }
    }

    /// A new file, which nobody but its owner may read.
    init(making url: URL) throws {
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        stop = nil
        guard descriptor >= 0 else { throw Self.failure("The file \(url.path) cannot be made") }
    }

    deinit { if stop == nil { close(descriptor) } }

    /// In bytes.
    func size() throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("A file cannot be read") }
        return Int(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            try wait(POLLIN)
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Self.failure("A file cannot be read") }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(POLLOUT)
            let part = UnsafeRawBufferPointer(rebasing: stop == nil ? rest : rest.prefix(Self.pipeWrite))
            let count = Glibc.write(descriptor, part.baseAddress, part.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("The file cannot be written") }
            rest = rest.dropFirst(count)  // fits: above 0
        }
    }

    func finish() throws {}

    /// Waits until a pipe can be read or written, or the work is called off.
    private func wait(_ event: CInt) throws {
        guard let stop else { return }
        var waiting = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: event), revents: 0)
        repeat { try stop.check() } while poll(&waiting, 1, 200) == 0
    }

    private static var cause: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }

    /// The present `errno` in a sentence that begins so.
    static func failure(_ what: String) -> ParleyError {
        let cause = cause
        return ParleyError(.backupFailed, "\(what): \(String(cString: strerror(cause.code.rawValue))).", cause: cause)
    }
}
