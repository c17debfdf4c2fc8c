import Hummingbird
public import NIOCore
public import ParleyCore

/// What a handler answers. The endpoint's output schema writes the value.
public struct Reply<Output: Sendable>: Sendable {
    enum Content: Sendable {
        case value(Output)
        /// A page of a list, which the request makes cursors for.
        case page(@Sendable (Cursor) -> MadePage<Output>)
        case nothing
        case stream(contentType: String, length: Int64?, write: @Sendable (inout BodyWriter) async throws -> Void)
        case file(FileBody, write: @Sendable (Range<Int64>, inout BodyWriter) async throws -> Void)
        case events(EventSource)
    }

    let status: Int
    let content: Content
    var headers: [(name: String, value: String)] = []

    private init(_ status: Int, _ content: Content) { (self.status, self.content) = (status, content) }

    public static func ok(_ value: Output) -> Self { Self(200, .value(value)) }

    /// What was to be made is there already.
    /// - Parameter location: its path.
    public static func known(_ value: Output, location: String) -> Self { Self(200, .value(value)).header("Location", location) }

    /// - Parameter location: the path of what was made.
    public static func created(_ value: Output, location: String) -> Self { Self(201, .value(value)).header("Location", location) }

    /// The work goes on.
    /// - Parameter location: the path where its state stands.
    public static func accepted(_ value: Output, location: String) -> Self { Self(202, .value(value)).header("Location", location) }

    public static var noContent: Self { Self(204, .nothing) }

    /// What a foreign protocol answers where ours has no word for it.
    public static func other(_ status: Int, _ value: Output) -> Self { Self(status, .value(value)) }
    /// A status alone.
    public static func bare(_ status: Int) -> Self { Self(status, .nothing) }

    /// A page of a list. Its cursors and links are seen to.
    public static func page<Item>(_ slice: ListSlice<Item>) -> Self where Output == Page<Item> {
        Self(
            200,
            .page { cursor in
                let page = Page(slice, cursor)
                return MadePage(
                    value: page, previous: page.previous, next: page.next, version: slice.version, isUnchanged: slice.isUnchanged)
            })
    }

    /// The caller has the answer already.
    static var notModified: Self { Self(304, .nothing) }

    var hasValue: Bool { if case .value = content { true } else { false } }

    /// Bytes as they come.
    /// - Parameters:
    ///   - length: when it is known.
    ///   - write: writes all bytes; called once, after the head has been sent. A write throws once the caller has gone.
    public static func stream(
        contentType: String, length: Int64? = nil, write: @escaping @Sendable (inout BodyWriter) async throws -> Void
    ) -> Self {
        Self(200, .stream(contentType: contentType, length: length, write: write))
    }

    /// Server-sent events. The sequence is cancelled when the caller goes and at shutdown; heartbeats are added.
    public static func events<Source: AsyncSequence & Sendable>(_ events: Source) -> Self where Source.Element == ServerSentEvent {
        Self(200, .events(EventSource(events)))
    }

    /// The same reply with one more header.
    public func header(_ name: String, _ value: String) -> Self {
        var reply = self
        reply.headers.append((name, value))
        return reply
    }
}

extension Reply where Output == FileBytes {
    /// A file to keep: byte ranges, `If-None-Match` and the file's name are seen to.
    /// - Parameter write: writes this range of the file's bytes.
    public static func file(_ file: FileBody, write: @escaping @Sendable (Range<Int64>, inout BodyWriter) async throws -> Void) -> Self {
        Self(200, .file(file, write: write))
    }

    /// A file that was made in memory.
    public static func file(_ bytes: [UInt8], name: String, contentType: String) -> Self {
        let file = FileBody(name: name, contentType: contentType, length: Int64(bytes.count), etag: EntityTag.digest(bytes))
        return .file(file) { range, writer in
            try await writer.write(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
        }
    }
}

/// A page with the texts of the places around it.
struct MadePage<Value: Sendable>: Sendable {
    let value: Value
    let previous: String?
    let next: String?
    let version: String?
    let isUnchanged: Bool
}

/// Writes a streamed body; each call waits until the peer has room.
public struct BodyWriter {
    var target: any ResponseBodyWriter

    public mutating func write(_ buffer: ByteBuffer) async throws { try await target.write(buffer) }
    public mutating func write(_ bytes: [UInt8]) async throws { try await target.write(ByteBuffer(bytes: bytes)) }
    public mutating func write(_ text: String) async throws { try await target.write(ByteBuffer(string: text)) }
}
