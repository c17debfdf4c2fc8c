import Foundation
import NIOCore
import ParleyCore

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 §5.1) from chunks of any size. It does no I/O and holds no more than a delimiter's
/// length of a body, or one part's headers.
struct MultipartParser {
    enum Event: Equatable {
        case part(MultipartHeaders)
        case bytes(ByteBuffer)
        case partEnded
    }

    /// What one body may hold.
    struct Limits: Sendable {
        var parts = 100
        /// Of one part, bytes.
        var headers = 16 * 1024
        /// Before the first delimiter, bytes.
        var preamble = 64 * 1024
    }

    private enum State {
        case preamble(seen: Int)
        case afterDelimiter
        case headers
        case body
        case ended
    }

    private let delimiter: [UInt8]
    private let limits: Limits
    private var state = State.preamble(seen: 0)
    /// Begins with a line break, so that a delimiter at the very start is found like any other.
    private var waiting = ByteBuffer(string: "\r\n")
    private var parts = 0

    init(boundary: String, limits: Limits = Limits()) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    /// What these bytes complete.
    /// - Throws: `request.malformed_multipart`.
    mutating func feed(_ chunk: ByteBuffer) throws(ParleyError) -> [Event] {
        if case .ended = state { return [] }
        waiting.writeImmutableBuffer(chunk)
        var events: [Event] = []
        while try step(&events) {}
        waiting.discardReadBytes()
        return events
    }

    /// - Throws: `request.malformed_multipart` when the last delimiter has not come.
    func finish() throws(ParleyError) {
        guard case .ended = state else { throw Self.malformed("it ends before its last boundary") }
    }

    /// One step; false when more bytes are needed.
    private mutating func step(_ events: inout [Event]) throws(ParleyError) -> Bool {
        switch state {
        case .preamble(let seen): try skipPreamble(seen)
        case .afterDelimiter: try readDelimiterEnd()
        case .headers: try readHeaders(&events)
        case .body: readBody(&events)
        case .ended: false
        }
    }

    private mutating func skipPreamble(_ seen: Int) throws(ParleyError) -> Bool {
        if let offset = delimiterOffset() {
            waiting.moveReaderIndex(forwardBy: offset + delimiter.count)
            state = .afterDelimiter
            return true
        }
        let surplus = max(0, waiting.readableBytes - delimiter.count)
        guard seen + surplus <= limits.preamble else { throw Self.malformed("no boundary was found") }
        waiting.moveReaderIndex(forwardBy: surplus)
        state = .preamble(seen: seen + surplus)
        return false
    }

    /// After a delimiter come two hyphens at the end of all, or else spaces and a line break.
    private mutating func readDelimiterEnd() throws(ParleyError) -> Bool {
        let view = waiting.readableBytesView
        guard view.count >= 2 else { return false }
        if view.starts(with: "--".utf8) {
            waiting.clear()
            state = .ended
            return false
        }
        let spaces = view.prefix { $0 == 0x20 || $0 == 0x09 }.count
        guard spaces <= 100 else { throw Self.malformed("a boundary's line does not end") }
        let rest = view.dropFirst(spaces)  // fits: a count
        guard rest.count >= 2 else { return false }
        guard rest.starts(with: "\r\n".utf8) else { throw Self.malformed("a boundary's line does not end") }
        parts += 1
        guard parts <= limits.parts else { throw Self.malformed("it has more than \(limits.parts) parts") }
        // The line break stays, so that a part without headers ends its headers like any other.
        waiting.moveReaderIndex(forwardBy: spaces)
        state = .headers
        return true
    }

    private mutating func readHeaders(_ events: inout [Event]) throws(ParleyError) -> Bool {
        // Some clients write an empty form as two boundaries with nothing between.
        if waiting.readableBytesView.starts(with: delimiter) {
            waiting.moveReaderIndex(forwardBy: delimiter.count)
            state = .afterDelimiter
            return true
        }
        let end = Array("\r\n\r\n".utf8)
        guard let offset = Self.offset(of: end, in: waiting) else {
            guard waiting.readableBytes <= limits.headers else { throw Self.malformed("a part's headers are too long") }
            return false
        }
        guard offset <= limits.headers, let text = waiting.readString(length: offset) else {
            throw Self.malformed("a part's headers are too long")
        }
        waiting.moveReaderIndex(forwardBy: end.count)
        guard let headers = MultipartHeaders(text) else { throw Self.malformed("a part has no name") }
        events.append(.part(headers))
        state = .body
        return true
    }

    private mutating func readBody(_ events: inout [Event]) -> Bool {
        if let offset = delimiterOffset() {
            if offset > 0, let bytes = waiting.readSlice(length: offset) { events.append(.bytes(bytes)) }
            waiting.moveReaderIndex(forwardBy: delimiter.count)
            events.append(.partEnded)
            state = .afterDelimiter
            return true
        }
        let surplus = waiting.readableBytes - (delimiter.count - 1)
        if surplus > 0, let bytes = waiting.readSlice(length: surplus) { events.append(.bytes(bytes)) }
        return false
    }

    private func delimiterOffset() -> Int? { Self.offset(of: delimiter, in: waiting) }

    /// Where the pattern begins among the readable bytes.
    private static func offset(of pattern: [UInt8], in buffer: ByteBuffer) -> Int? {
        buffer.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress, let first = pattern.first, bytes.count >= pattern.count else { return nil }
            var index = 0
            let last = bytes.count - pattern.count
            while index <= last, let found = memchr(base + index, Int32(first), last - index + 1) {  // fits: a byte
                let place = base.distance(to: UnsafeRawPointer(found))
                if memcmp(base + place, pattern, pattern.count) == 0 { return place }
                index = place + 1
            }
            return nil
        }
    }

    static func malformed(_ reason: String) -> ParleyError {
        ParleyError(.malformedMultipart, "The multipart body cannot be understood: \(reason).")
    }
}
