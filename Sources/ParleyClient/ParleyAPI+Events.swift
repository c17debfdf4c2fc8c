import AsyncHTTPClient
import NIOCore
import ParleyCore

extension ParleyAPI {
    /// One event of a stream.
    public struct Event: Sendable, Hashable {
        /// What `Last-Event-ID` takes to go on after it.
        public let id: String?
        /// Such as `text` or `done`.
        public let kind: String
        /// JSON text.
        public let data: String

        /// The data as a value.
        public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
            try JSONForm.decode(type, Array(data.utf8))
        }
    }

    /// The events of a stream as they come. A stream that breaks off is taken up again after the last event that came.
    /// - Parameters:
    ///   - last: the id of an event to begin after.
    ///   - isLast: tells the event that ends the stream, after which the server may close it.
    public func events(_ path: String, after last: String? = nil, until isLast: @escaping @Sendable (Event) -> Bool) -> Events {
        Events(api: self, path: path, first: last, isLast: isLast)
    }

    public struct Events: AsyncSequence, Sendable {
        let api: ParleyAPI
        let path: String
        let first: String?
        let isLast: @Sendable (Event) -> Bool

        public func makeAsyncIterator() -> Iterator { Iterator(stream: self, last: first) }

        public struct Iterator: AsyncIteratorProtocol {
            private let stream: Events
            private var last: String?
            private var body: HTTPClientResponse.Body.AsyncIterator?
            private var decoder = EventStreamDecoder()
            private var ready: ArraySlice<Event> = []
            private var isOver = false
            /// Connections in a row that brought no event.
            private var barren = 0

            init(stream: Events, last: String?) { (self.stream, self.last) = (stream, last) }

            public mutating func next() async throws -> Event? {
                while ready.isEmpty, !isOver { try await read() }
                guard let event = ready.popFirst() else { return nil }
                last = event.id ?? last
                if stream.isLast(event) { (isOver, ready, body) = (true, [], nil) }
                return event
            }

            private mutating func read() async throws {
                if body == nil { try await connect() }
                var failure: any Error = EndedEarly()
                do {
                    if let chunk = try await body?.next() {
                        ready = try decoder.feed(chunk.readableBytesView).map { Event(id: $0.id, kind: $0.type, data: $0.data) }[...]
                        if ready.contains(where: { $0.id != nil }) { barren = 0 }
                        return
                    }
                } catch {
                    try Task.checkCancellation()
                    failure = error
                }
                body = nil
                barren += 1
                guard let pause = stream.api.retry.pause(after: barren, asked: nil) else { throw Problem.unreachable(failure) }
                try await Task.sleep(for: pause)
            }

            private mutating func connect() async throws {
                var outgoing = Outgoing(.get, stream.path, [:], ["Accept": "text/event-stream"])
                outgoing.headers["Last-Event-ID"] = last
                decoder = EventStreamDecoder()
                body = try await stream.api.trying(outgoing) { $0.body.makeAsyncIterator() }
            }
        }

        private struct EndedEarly: Error, CustomStringConvertible { let description = "the stream ended before its last event" }
    }
}
