import Foundation
import ParleyCore

/// Byte strings over a pipe, each with its length before it.
enum ReadingFrames {
    /// Why no frame came.
    enum Failure: Error {
        /// The other side closed the pipe.
        case ended
        /// Nothing more came in time.
        case tookTooLong
        /// It is longer than allowed.
        case tooLong
    }

    /// - Throws: `Failure.ended` when nobody reads.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var header = ByteWriter()
        header.write(bytes.count)
        try writeAll(header.bytes, to: descriptor)
        try writeAll(bytes, to: descriptor)
    }

    /// Blocks until the next frame is there.
    /// - Parameter deadline: nil to wait for ever.
    /// - Throws: `Failure`.
    static func read(from descriptor: Int32, limit: Int, deadline: ContinuousClock.Instant? = nil) throws -> [UInt8] {
        var header = ByteReader(try readAll(8, from: descriptor, deadline))
        guard let count = try? header.int(), (0...limit).contains(count) else { throw Failure.tooLong }
        return try readAll(count, from: descriptor, deadline)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress?.advanced(by: start), bytes.count - start) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Failure.ended }
            start += written
        }
    }

    /// The memory grows with what has come, not with what was announced.
    private static func readAll(_ count: Int, from descriptor: Int32, _ deadline: ContinuousClock.Instant?) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 18))
        while bytes.count < count {
            if let deadline { try awaitInput(descriptor, deadline) }
            let read = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, min($0.count, count - bytes.count)) }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { throw Failure.ended }
            bytes.append(contentsOf: buffer[..<read])
        }
        return bytes
    }

    private static func awaitInput(_ descriptor: Int32, _ deadline: ContinuousClock.Instant) throws {
        while true {
            let left = deadline - .now
            guard left > .zero else { throw Failure.tookTooLong }
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32(clamping: left.milliseconds + 1))
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw Failure.ended }
        }
    }
}
