import ParleyCore
public import ServiceLifecycle
import Synchronization

/// The feed of events for many listeners, read once for all of them. It begins with the first who listens.
public final class EventBroadcast: Service {
    /// What a listener hears.
    public enum News: Sendable {
        case event(Event)
        /// Nothing happened for a while.
        case silence
    }

    private struct State {
        /// What was read last; nil before anybody listened.
        var position: EventPosition?
        var listeners: [Int: AsyncStream<News>.Continuation] = [:]
        var next = 0
    }

    private static let batch = 200
    /// How often events of other processes are looked for.
    private static let slowest = Duration.milliseconds(500)
    /// How soon an event that was told here is looked for again, when an older transaction still hides it.
    private static let quickest = Duration.milliseconds(5)
    /// News that a listener may be behind; beyond that it is cut off, and comes back with the last position it saw.
    private static let backlog = 1000

    fileprivate let events: Events
    private let silence: Duration
    private let state = Mutex(State())
    private let begun = Signal()

    /// - Parameter silence: after how long of it listeners hear that there is none.
    public init(_ events: Events, silence: Duration = .seconds(10)) { (self.events, self.silence) = (events, silence) }

    /// The position after everything that can be heard now.
    public func end() async throws -> EventPosition { try await events.end() }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.begun.wait(past: 0)
            await self.follow()
        }
        for listener in state.withLock({ $0.listeners.values.map { $0 } }) { listener.finish() }
    }

    private func follow() async {
        var (pause, told) = (Self.quickest, ContinuousClock.now)
        while !Task.isCancelled, let position = state.withLock({ $0.position }) {
            let seen = events.appended.count
            let read = (try? await events.read(after: position, limit: Self.batch)) ?? []
            for event in read { tell(.event(event)) }
            if !read.isEmpty { told = .now }
            if .now - told >= silence {
                tell(.silence)
                told = .now
            }
            guard read.isEmpty else { continue }
            await events.appended.wait(past: seen, atMost: min(pause, silence))
            pause = events.appended.count > seen ? Self.quickest : min(pause * 2, Self.slowest)
        }
    }

    private func tell(_ news: News) {
        let listeners = state.withLock { state in
            if case .event(let event) = news { state.position = event.position }
            return state.listeners
        }
        // Not under the lock: waking a listener that is being cancelled waits until `leave` has returned.
        for (id, listener) in listeners {
            if case .enqueued = listener.yield(news) { continue }
            leave(id)
            listener.finish()
        }
    }

    private func leave(_ id: Int) { state.withLock { $0.listeners[id] = nil } }

    /// Everything after the position, none skipped, until the listener's task is cancelled or it falls too far behind.
    public func listen(after start: EventPosition) -> Listener {
        let (stream, listener) = AsyncStream<News>.makeStream(bufferingPolicy: .bufferingOldest(Self.backlog))
        let (id, joined) = state.withLock { state in
            let joined = state.position ?? start
            state.position = joined
            defer { state.next += 1 }
            state.listeners[state.next] = listener
            return (state.next, joined)
        }
        listener.onTermination = { [weak self] _ in self?.leave(id) }
        begun.raise()
        return Listener(events: events, joined: joined, last: start, live: stream.makeAsyncIterator())
    }

    /// One listener's place: first what was there before it joined, then what comes.
    public struct Listener: AsyncIteratorProtocol {
        fileprivate let events: Events
        /// From here on `live` has everything.
        fileprivate let joined: EventPosition
        fileprivate var last: EventPosition
        fileprivate var live: AsyncStream<News>.Iterator
        fileprivate var stored: ArraySlice<Event> = []

        fileprivate init(events: Events, joined: EventPosition, last: EventPosition, live: AsyncStream<News>.Iterator) {
            (self.events, self.joined, self.last, self.live) = (events, joined, last, live)
        }

        /// - Throws: what reading the database throws.
        public mutating func next() async throws -> News? {
            while true {
                if let event = stored.popFirst() {
                    last = event.position
                    return .event(event)
                }
                if last < joined {
                    stored = try await events.read(after: last, limit: EventBroadcast.batch)[...]
                    if stored.isEmpty { last = joined }
                    continue
                }
                guard let news = await live.next(isolation: nil) else { return nil }
                if case .event(let event) = news {
                    guard event.position > last else { continue }
                    last = event.position
                }
                return news
            }
        }
    }
}
