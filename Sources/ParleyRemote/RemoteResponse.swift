public import ParleyCore

/// The headers of an answer.
public struct RemoteHeaders: Sendable {
    public let all: [(name: String, value: String)]

    /// The first value of this name, whatever its case.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return all.first { $0.name.lowercased() == wanted }?.value
    }
}

/// A whole answer; its status is 2xx.
public struct RemoteResponse: Sendable {
    public let status: Int
    public let headers: RemoteHeaders
    public let body: [UInt8]
}

/// An answer whose head has arrived and whose body is yet to be read, once.
public struct RemoteStream: Sendable {
    public let status: Int
    public let headers: RemoteHeaders
    /// The body as it comes. Errors are `ParleyError`: `remote.timeout` after a silence, `remote.unreachable` when cut off, `remote.too_large`.
    public let chunks: RemoteChunks
    /// The body read as an event stream.
    public var events: RemoteEvents { RemoteEvents(chunks: chunks) }
}

/// The events of a body.
public struct RemoteEvents: AsyncSequence, Sendable {
    let chunks: RemoteChunks

    public struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: RemoteChunks.AsyncIterator
        var decoder = EventStreamDecoder()
        var ready: ArraySlice<ReceivedEvent> = []

        public mutating func next() async throws -> ReceivedEvent? {
            while ready.isEmpty {
                guard let chunk = try await chunks.next() else { return nil }
                do { ready = try decoder.feed(chunk)[...] } catch {
                    throw ParleyError(.remoteTooLarge, "The service sent an event of more than \(ByteSize.bytes(error.limit)).")
                }
            }
            return ready.popFirst()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: chunks.makeAsyncIterator()) }
}
