import ParleyCore
import Synchronization

/// How many streams of news are open: each looks into the feed, so there is an end to them.
final class MCPStreams: Sendable {
    private static let mostOfOne = 20
    private static let mostOfAll = 200
    private let open = Mutex<[UserID: Int]>([:])

    /// Ends its stream's place when it goes.
    final class Lease: Sendable {
        private let streams: MCPStreams
        private let user: UserID

        fileprivate init(_ streams: MCPStreams, _ user: UserID) { (self.streams, self.user) = (streams, user) }
        deinit { streams.close(user) }
    }

    /// - Throws: `unavailable` when there are too many.
    func lease(_ user: UserID) throws -> Lease {
        let isTaken = open.withLock { open in
            guard open[user, default: 0] < Self.mostOfOne, open.values.reduce(0, +) < Self.mostOfAll else { return false }
            open[user, default: 0] += 1
            return true
        }
        guard isTaken else {
            throw ParleyError(.unavailable, "Too many streams of notifications are open. Close some of them.", retryAfter: .seconds(30))
        }
        return Lease(self, user)
    }

    private func close(_ user: UserID) {
        open.withLock { open in
            let left = open[user, default: 1] - 1
            open[user] = left > 0 ? left : nil
        }
    }
}
