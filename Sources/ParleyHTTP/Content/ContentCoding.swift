import CZlib
import HTTPTypes
import ParleyCore

/// A coding of a body (RFC 9110 §8.4.1) that the server writes and reads.
enum ContentCoding: String, Sendable, CaseIterable {
    case gzip, deflate

    /// The coding that the caller likes best; nil for the body as it is.
    static func preferred(_ headers: HTTPFields) -> ContentCoding? {
        guard let header = headers[.acceptEncoding] else { return nil }
        let list = QualityList(header)
        let identity = list.items.first { $0.value == "identity" }?.quality ?? 0
        let ranked = allCases.map { ($0, list.quality(ofCoding: $0.rawValue)) }.filter { $0.1 > 0 && $0.1 >= identity }
        guard let best = ranked.map(\.1).max() else { return nil }
        return ranked.first { $0.1 == best }?.0
    }

    /// The bytes in this coding; nil when zlib cannot.
    func encode(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let window = self == .gzip ? MAX_WBITS + 16 : MAX_WBITS
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 5, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(clamping: source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(clamping: target.count)
                return CZlib.deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        output.removeLast(Int(stream.avail_out))
        return output
    }

    /// Whether bodies of the type get smaller by it.
    static func helps(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        if type == "text/event-stream" { return false }
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || [
                "application/json", "application/x-ndjson", "application/yaml", "application/xml", "application/javascript",
                "application/manifest+json",
            ].contains(type)
    }
}
