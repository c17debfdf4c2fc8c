import ParleyCore
import ParleyDatabase

/// Events as they come, without end: what this process writes at once, what others write within half a second. Rows are read
/// as they are asked for, so that a slow reader holds no more than one batch. Ends when its task is cancelled.
public struct EventFeed: AsyncSequence, Sendable {
    let events: Events
    let start: EventPosition?

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: events, last: start) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private static let batch = 200
        /// How often events of other processes are looked for.
        private static let slowest = Duration.milliseconds(500)
        /// How soon an event that was told here is looked for again, when an older transaction still hides it.
        private static let quickest = Duration.milliseconds(5)

        private let events: Events
        private var last: EventPosition?
        private var read: ArraySlice<Event> = []

        init(events: Events, last: EventPosition?) { (self.events, self.last) = (events, last) }

        /// The next event; nil when the task is cancelled.
        /// - Throws: what reading the database throws; the feed can be asked again.
        public mutating func next() async throws -> Event? {
            if let event = read.popFirst() { return advance(to: event) }
            var position = try await start()
            var pause = Self.quickest
            while !Task.isCancelled {
                let seen = events.appended.count
                read = try await events.read(after: position, limit: Self.batch)[...]
                if let event = read.popFirst() { return advance(to: event) }
                await events.appended.wait(past: seen, atMost: pause)
                pause = events.appended.count > seen ? Self.quickest : Swift.min(pause * 2, Self.slowest)
                position = try await start()
            }
            return nil
        }

        private mutating func start() async throws -> EventPosition {
            if let last { return last }
            let end = try await events.end()
            last = end
            return end
        }

        private mutating func advance(to event: Event) -> Event {
            last = event.position
            return event
        }
    }
}
