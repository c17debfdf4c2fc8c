import HTTPTypes
import Hummingbird
import NIOCore

/// A file that the binary carries: a page, a style sheet, a script.
public struct StaticFile: Sendable {
    let bytes: ByteBuffer
    let contentType: String
    let etag: String
    let cache: CachePolicy

    /// - Parameter contentType: with `; charset=utf-8` for text.
    public init(_ bytes: [UInt8], contentType: String, cache: CachePolicy = .privateNoCache) {
        (self.bytes, self.contentType, self.cache) = (ByteBuffer(bytes: bytes), contentType, cache)
        etag = EntityTag.strong(bytes)
    }

    /// Another one for other bytes.
    public var fingerprint: String { String(etag.dropFirst().dropLast()) }

    func response(to request: Request) -> Response {
        let headers: HTTPFields = [.contentType: contentType, .eTag: etag, .cacheControl: cache.header]
        if EntityTag.matches(request.headers[.ifNoneMatch], etag) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: bytes))
    }
}

/// Files beside the endpoints. Asked for paths that no endpoint has.
public protocol StaticFileProvider: Sendable {
    /// - Parameter path: begins with a slash, without the query; decoded by nobody, so look it up, never open it.
    func file(at path: String) -> StaticFile?
}

/// Files by their paths.
public struct StaticFiles: StaticFileProvider {
    private let files: [String: StaticFile]

    public init(_ files: [String: StaticFile]) { self.files = files }

    public func file(at path: String) -> StaticFile? { files[path] }
}
