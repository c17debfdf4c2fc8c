import ParleyCore
import Synchronization

/// A clock that goes only when it is told to.
final class HeldClock: WallClock {
    private let moment = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }
}
