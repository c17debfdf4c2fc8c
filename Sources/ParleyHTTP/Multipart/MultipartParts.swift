public import NIOCore
import ParleyCore

/// The parts of a multipart body as they arrive. Read each part's body before the next part; what is left of it is skipped.
public struct MultipartParts: AsyncSequence, Sendable {
    public typealias Element = MultipartPart

    private let reader: MultipartReader

    init(_ reader: MultipartReader) { self.reader = reader }

    public func makeAsyncIterator() -> Iterator { Iterator(reader: reader) }

    public struct Iterator: AsyncIteratorProtocol {
        let reader: MultipartReader

        /// - Throws: `request.malformed_multipart`, `request.too_large`.
        public mutating func next() async throws -> MultipartPart? { try await reader.nextPart() }
    }
}

/// One part of a form.
public struct MultipartPart: Sendable {
    /// The form field's name.
    public let name: String
    /// As the client told it: metadata, never a path.
    public let filename: String?
    public let contentType: String?
    public let body: Body

    /// The part's bytes as they arrive.
    public struct Body: AsyncSequence, Sendable {
        public typealias Element = ByteBuffer

        let reader: MultipartReader
        let number: Int

        public func makeAsyncIterator() -> Iterator { Iterator(reader: reader, number: number) }

        public struct Iterator: AsyncIteratorProtocol {
            let reader: MultipartReader
            let number: Int

            public mutating func next() async throws -> ByteBuffer? { try await reader.nextBytes(of: number) }
        }

        /// The whole part as text, for small form fields.
        /// - Throws: `request.too_large` beyond the limit, `request.malformed_multipart` when it is not UTF-8.
        public func text(atMost limit: Int = 64 * 1024) async throws -> String {
            var bytes: [UInt8] = []
            for try await chunk in self {
                bytes.append(contentsOf: chunk.readableBytesView)
                guard bytes.count <= limit else { throw ParleyError.tooLarge(Int64(limit)) }
            }
            guard let text = String(validating: bytes, as: UTF8.self) else { throw MultipartParser.malformed("a field is not valid UTF-8") }
            return text.streamSafe
        }
    }
}

extension EndpointRequest {
    /// The parts of a `multipart/form-data` body. Call it once.
    /// - Throws: `request.media_type` when the body is something else or names no boundary.
    public func multipart() throws -> MultipartParts {
        let type = HeaderParameters(contentType ?? "")
        guard type.value == "multipart/form-data", let boundary = type["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw ParleyError(.mediaType, "Send the body as multipart/form-data with a boundary.")
        }
        return MultipartParts(MultipartReader(body, boundary: boundary))
    }
}

/// Feeds a parser from a body, for one reader at a time. An actor because parts and their bodies share it.
actor MultipartReader {
    private var source: RequestBytes.Iterator?
    private var parser: MultipartParser
    private var events: ArraySlice<MultipartParser.Event> = []
    private var part = 0

    init(_ body: RequestBytes, boundary: String) {
        source = body.makeAsyncIterator()
        parser = MultipartParser(boundary: boundary)
    }

    func nextPart() async throws -> MultipartPart? {
        while let event = try await nextEvent() {
            guard case .part(let headers) = event else { continue }
            part += 1
            let body = MultipartPart.Body(reader: self, number: part)
            return MultipartPart(name: headers.name, filename: headers.filename, contentType: headers.contentType, body: body)
        }
        return nil
    }

    /// Nil at the part's end, and when a later part has begun.
    func nextBytes(of number: Int) async throws -> ByteBuffer? {
        guard number == part else { return nil }
        guard case .bytes(let bytes) = try await nextEvent() else {
            part += 1
            return nil
        }
        return bytes
    }

    private func nextEvent() async throws -> MultipartParser.Event? {
        while events.isEmpty {
            // Taken out while it is in use, so that a second reader ends rather than disturbs the first.
            guard var iterator = source.take() else { return nil }
            guard let chunk = try await iterator.next(isolation: self) else {
                try parser.finish()
                return nil
            }
            source = iterator
            events = try parser.feed(chunk)[...]
        }
        return events.popFirst()
    }
}
