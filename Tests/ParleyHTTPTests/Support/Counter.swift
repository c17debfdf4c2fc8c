import ParleyCore
import ParleyHTTP
import Synchronization

/// An endless source of large events that knows how many were taken.
final class Counter: AsyncSequence, Sendable {
    private let taken = Mutex(0)

    var count: Int { taken.withLock { $0 } }

    func makeAsyncIterator() -> Iterator { Iterator(counter: self) }

    struct Iterator: AsyncIteratorProtocol {
        let counter: Counter

        func next() async throws -> ServerSentEvent? {
            try Task.checkCancellation()
            let number = counter.taken.withLock { taken in
                taken += 1
                return taken
            }
            return ServerSentEvent("big", id: "\(number)", json: .string(String(repeating: "x", count: 10_000)))
        }
    }
}
