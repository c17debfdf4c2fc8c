import CZlib
import ParleyCore

/// Raw deflate (RFC 1951) or gzip by zlib, with a limit on what comes out.
enum Inflater {
    private static let step = 1 << 18

    /// - Parameter isGzip: whether gzip's head and end (RFC 1952) stand around it.
    /// - Throws: `document.too_complex` past `limit` bytes, `document.damaged` when the stream is wrong or cut short.
    static func inflate(_ packed: [UInt8], limit: Int, isGzip: Bool = false) throws -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, isGzip ? MAX_WBITS + 16 : -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ZipArchive.damaged
        }
        defer { inflateEnd(&stream) }
        var input = packed
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: step)
        return try input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            while true {
                let (status, count) = round(&stream, &buffer)
                guard status == Z_OK || status == Z_STREAM_END else { throw ZipArchive.damaged }
                guard output.count + count <= limit else { throw tooLarge(limit) }
                output.append(contentsOf: buffer[..<count])
                if status == Z_STREAM_END { return output }
                guard count > 0 || stream.avail_in > 0 else { throw ZipArchive.damaged }
            }
        }
    }

    static func tooLarge(_ limit: Int) -> ParleyError {
        ParleyError(
            .documentTooComplex, "The document unpacks to more than \(limit >> 20) MB, which is more than is read. Split it into parts.")
    }

    private static func round(_ stream: inout z_stream, _ buffer: inout [UInt8]) -> (status: Int32, count: Int) {
        buffer.withUnsafeMutableBufferPointer { target in
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(clamping: target.count)
            let status = CZlib.inflate(&stream, Z_NO_FLUSH)
            return (status, target.count - Int(stream.avail_out))
        }
    }
}
