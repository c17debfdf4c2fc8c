import HTTPTypes
import Hummingbird
public import NIOCore
import ParleyCore
import Synchronization

extension EndpointRequest {
    /// The raw body, in the pieces in which it arrives. It throws `request.too_large` beyond the limit, and `request.incomplete` when
    /// the caller goes before the end. Read it once.
    public var body: RequestBytes { RequestBytes(request.body, limit: limits.upload, expected: contentLength) }

    /// The value in the JSON body.
    /// - Throws: `request.media_type`, `request.too_large`, `request.malformed_json`, or `input.invalid` with all errors at once.
    func json<Input>(_ schema: Schema<Input>) async throws -> Input {
        if let input = try input?.get() as? Input { return input }
        let type = mediaType ?? ""
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            throw ParleyError(.mediaType, "Send the body as application/json, not as \(type.isEmpty ? "nothing at all" : type).")
        }
        if let length = contentLength, length > Int64(limits.json) { throw ParleyError.tooLarge(Int64(limits.json)) }
        var request = request
        let bytes: ByteBuffer
        do { bytes = try await request.collectBody(upTo: limits.json) } catch is NIOTooManyBytesError {
            throw ParleyError.tooLarge(Int64(limits.json))
        }
        guard Int64(bytes.readableBytes) >= contentLength ?? 0 else {
            throw ParleyError(.incompleteRequest, "The body ended before its announced length.")
        }
        collected.keep(request)
        return try await onWorkerThread(from: bytes.readableBytes) { try schema.decode(JSONValue(body: bytes.readableBytesView)) }
    }

    /// Refuses a raw body of a media type that the endpoint does not take, and one that is too long, before it is read.
    func checkRawBody() throws {
        guard !endpoint.accepts.isEmpty else { return }
        let type = mediaType ?? "application/octet-stream"
        guard endpoint.accepts.contains(where: { $0.contains(type) }) else {
            let list = endpoint.accepts.map(\.text).joined(separator: ", ")
            throw ParleyError(.mediaType, "This endpoint takes \(list), not \(type).")
        }
        if let length = contentLength, length > limits.upload { throw ParleyError.tooLarge(limits.upload) }
    }

    /// - Throws: `request.not_acceptable` when the caller accepts none of what the endpoint answers.
    func checkAccept() throws { _ = try endpoint.representation(for: request.headers) }
}

/// The bytes of a request's body as they arrive, with an end to how many.
public struct RequestBytes: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    private let source: RequestBody
    private let limit: Int64
    private let expected: Int64?

    /// - Parameter expected: the length that the caller announced.
    init(_ source: RequestBody, limit: Int64, expected: Int64?) { (self.source, self.limit, self.expected) = (source, limit, expected) }

    public func makeAsyncIterator() -> Iterator { Iterator(source: source.makeAsyncIterator(), limit: limit, expected: expected) }

    public struct Iterator: AsyncIteratorProtocol {
        var source: RequestBody.AsyncIterator
        let limit: Int64
        let expected: Int64?
        private var count: Int64 = 0

        fileprivate init(source: RequestBody.AsyncIterator, limit: Int64, expected: Int64?) {
            (self.source, self.limit, self.expected) = (source, limit, expected)
        }

        /// - Throws: `request.too_large` beyond the limit, `request.incomplete` when the caller went before the announced end.
        public mutating func next() async throws -> ByteBuffer? {
            guard let chunk = try await source.next() else {
                guard count >= expected ?? 0 else { throw ParleyError(.incompleteRequest, "The body ended before its announced length.") }
                return nil
            }
            count += Int64(chunk.readableBytes)
            guard count <= limit else { throw ParleyError.tooLarge(limit) }
            return chunk
        }
    }
}

/// The request with its body read into it. Watching for the caller's leaving reads on after the body, and a body that is spent
/// must know that it is.
final class CollectedRequest: Sendable {
    private let state = Mutex<Request?>(nil)

    var request: Request? { state.withLock { $0 } }

    func keep(_ request: Request) { state.withLock { $0 = request } }
}
