import ParleyCore

/// What is known of a file before its bytes are sent.
public struct FileBody: Sendable {
    /// Shown to the person who saves it; any text.
    public var name: String
    public var contentType: String
    /// In bytes.
    public var length: Int64
    /// Without quotes; the hash of the content serves well.
    public var etag: String

    public init(name: String, contentType: String, length: Int64, etag: String) {
        (self.name, self.contentType, self.length, self.etag) = (name, contentType, length, etag)
    }

    /// `attachment` with the name in plain ASCII and, where that loses something, in UTF-8 too (RFC 6266, RFC 8187).
    var disposition: String {
        let clean = ShownText.line(name)
        let plain = clean.unicodeScalars.map { $0.isASCII && !"\"\\%/".unicodeScalars.contains($0) ? String($0) : "_" }.joined()
        let header = "attachment; filename=\"\(plain.isEmpty ? "download" : plain)\""
        return plain == clean ? header : header + "; filename*=UTF-8''" + PercentCoding.encode(clean)
    }
}

/// Which bytes a `Range` header asks for (RFC 9110 §14). One range is served; several, or a unit other than bytes, mean the whole file.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    init(_ header: String?, length: Int64) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        guard bounds.count == 2 else {
            self = .whole
            return
        }
        switch (Int64(bounds[0]), Int64(bounds[1])) {
        case (let first?, let last?) where first >= 0 && first <= last:
            self = first < length ? .part(first..<(min(last, length - 1) + 1)) : .unsatisfiable
        case (let first?, nil) where first >= 0 && bounds[1].isEmpty:
            self = first < length ? .part(first..<length) : .unsatisfiable
        case (nil, let count?) where count >= 0 && bounds[0].isEmpty:
            self = count > 0 && length > 0 ? .part((length - min(count, length))..<length) : .unsatisfiable
        default: self = .whole
        }
    }
}
