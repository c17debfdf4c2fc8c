import AsyncHTTPClient
import NIOCore
import ParleyCore

/// The pieces of a body, watched for silence and size.
public struct RemoteChunks: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let idleTimeout: Duration
    let limit: Int?
    let errors: RemoteErrorMapper

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let source: ChunkSource
        private let chunks: RemoteChunks
        private var received = 0

        init(_ chunks: RemoteChunks) {
            self.chunks = chunks
            source = ChunkSource(chunks.body.makeAsyncIterator())
        }

        public mutating func next() async throws -> [UInt8]? { try await next(within: chunks.idleTimeout) }

        /// The next piece, waited for so long; after a `remote.timeout` there is none.
        public mutating func next(within idle: Duration) async throws -> [UInt8]? {
            let source = source
            let chunk: [UInt8]?
            do {
                chunk = try await Deadline.run(within: idle) { try await source.next() }
            } catch {
                throw chunks.errors.map(error)
            }
            guard let chunk else { return nil }
            received += chunk.count
            if let limit = chunks.limit, received > limit { throw chunks.errors.tooLarge(limit) }
            return chunk
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    /// Every piece together.
    func collected() async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in self { all += chunk }
        return all
    }
}

/// Carries the client's iterator into the task that waits with a deadline.
/// Unchecked, because `RemoteChunks.AsyncIterator.next` is mutating: it never runs twice at once, and is the only caller.
private final class ChunkSource: @unchecked Sendable {
    private var iterator: HTTPClientResponse.Body.AsyncIterator

    init(_ iterator: HTTPClientResponse.Body.AsyncIterator) { self.iterator = iterator }

    func next() async throws -> [UInt8]? {
        var iterator = iterator
        let buffer = try await iterator.next()
        self.iterator = iterator
        return buffer.map { Array($0.readableBytesView) }
    }
}
