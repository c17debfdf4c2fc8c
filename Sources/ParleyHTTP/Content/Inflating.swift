import CZlib
import HTTPTypes
import Hummingbird
import NIOCore
public import ParleyCore

extension ErrorCode {
    public static let malformedEncoding = Self("request.malformed_encoding", .invalid, "The compressed body cannot be unpacked")
    public static let inflatesTooMuch = Self("request.inflates_too_much", .tooLarge, "The compressed body unpacks to too much")
}

extension Request {
    /// The request with its body unpacked as it is read, when it comes compressed.
    /// - Throws: `request.media_type` for a coding that the server does not read.
    func inflated(ratio: Int) throws -> Request {
        let codings = (headers[.contentEncoding] ?? "").split(separator: ",").map { $0.trimmingSpaces.lowercased() }.filter {
            $0 != "identity"
        }
        guard let name = codings.first else { return self }
        let names = ["x-gzip": ContentCoding.gzip, "gzip": .gzip, "deflate": .deflate]
        guard codings.count == 1, let coding = names[name] else {
            throw ParleyError(.mediaType, "The body's Content-Encoding may be gzip or deflate, not \(codings.joined(separator: ", ")).")
        }
        var head = head
        head.headerFields[.contentEncoding] = nil
        head.headerFields[.contentLength] = nil
        var request = Request(head: head, body: body)
        request.body = RequestBody(asyncSequence: InflatedBytes(source: body, coding: coding, ratio: ratio))
        return request
    }
}

/// A compressed body, unpacked piece by piece. What comes out is limited by whoever reads it; that it is not out of proportion to what
/// came in is seen to here, so that a small body cannot make the server work for ever.
struct InflatedBytes: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Unpacked bytes that are in order whatever they came from.
    static let free = 1 << 20

    let source: RequestBody
    let coding: ContentCoding
    /// Bytes out for a byte in, at most, past the first MiB.
    let ratio: Int

    func makeAsyncIterator() -> Iterator { Iterator(source: source.makeAsyncIterator(), inflater: Inflater(coding), ratio: ratio) }

    struct Iterator: AsyncIteratorProtocol {
        var source: RequestBody.AsyncIterator
        let inflater: Inflater
        let ratio: Int

        mutating func next() async throws -> ByteBuffer? {
            while true {
                if let output = try inflater.next() {
                    guard inflater.bytesOut <= Swift.max(InflatedBytes.free, inflater.bytesIn * ratio) else {
                        throw ParleyError(
                            .inflatesTooMuch, "The body unpacks to more than \(ratio) times its size; send it without Content-Encoding.")
                    }
                    return output
                }
                guard let chunk = try await source.next() else {
                    try inflater.finish()
                    return nil
                }
                inflater.feed(chunk)
            }
        }
    }
}

/// zlib's state for one body. Used by one iterator, one call at a time.
final class Inflater {
    private static let step = 1 << 16

    private(set) var bytesIn = 0
    private(set) var bytesOut = 0
    private var stream = z_stream()
    private let coding: ContentCoding
    private var input: [UInt8] = []
    private var position = 0
    private var isOpen = false
    private var isWithinMember = false

    init(_ coding: ContentCoding) { self.coding = coding }

    deinit { if isOpen { inflateEnd(&stream) } }

    func feed(_ chunk: ByteBuffer) {
        input.removeFirst(position)
        position = 0
        input.append(contentsOf: chunk.readableBytesView)
        bytesIn += chunk.readableBytes
    }

    /// The next piece of what the input so far unpacks to; nil when more input is needed.
    func next() throws -> ByteBuffer? {
        while position < input.count {
            if !isWithinMember { try begin() }
            var buffer = [UInt8](repeating: 0, count: Self.step)
            let (status, used, made) = round(&buffer)
            position += used
            bytesOut += made
            if status == Z_STREAM_END { isWithinMember = false }
            guard status == Z_OK || status == Z_STREAM_END || (status == Z_BUF_ERROR && position == input.count) else { throw Self.damaged }
            if made > 0 { return ByteBuffer(bytes: buffer[..<made]) }
            guard used > 0 || status == Z_STREAM_END else { return nil }
        }
        return nil
    }

    /// - Throws: `request.malformed_encoding` when the body ended too early.
    func finish() throws { if isWithinMember || bytesIn == 0 { throw Self.damaged } }

    /// A gzip body may hold several members. What is called deflate is sometimes sent without its zlib frame.
    private func begin() throws {
        if isOpen {
            guard coding == .gzip, inflateReset(&stream) == Z_OK else { throw Self.damaged }
        } else {
            let isFramed = input[position] & 0x0F == 8
            let window = coding == .gzip ? MAX_WBITS + 16 : isFramed ? MAX_WBITS : -MAX_WBITS
            guard inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw Self.damaged }
            isOpen = true
        }
        isWithinMember = true
    }

    private func round(_ buffer: inout [UInt8]) -> (status: Int32, used: Int, made: Int) {
        input.withUnsafeMutableBufferPointer { source in
            buffer.withUnsafeMutableBufferPointer { target in
                let available = source.count - position
                stream.next_in = source.baseAddress.map { $0 + position }
                stream.avail_in = UInt32(clamping: available)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(clamping: target.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return (status, available - Int(stream.avail_in), target.count - Int(stream.avail_out))
            }
        }
    }

    private static var damaged: ParleyError {
        ParleyError(.malformedEncoding, "The body is not what its Content-Encoding says, or was cut short.")
    }
}
