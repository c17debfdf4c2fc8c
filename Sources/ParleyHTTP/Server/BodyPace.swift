import NIOCore

/// How fast a request's body comes. A state machine that is told what happens and when, and says whose body has to end.
///
/// Only the time counts in which the server waits for the peer: a body that the server itself takes slowly is not slow.
struct BodyPace {
    enum Fault: Error, Equatable {
        /// Less than the minimum rate over a whole period.
        case tooSlow
        /// Nobody known to the server, and not done in time.
        case strangerTooLong
    }

    private let limits: PeerLimits
    private let strangerEnd: NIODeadline
    private var isKnown = false
    private var isInGrace = true
    private var periodEnd: NIODeadline
    private var received = 0
    private var waited: TimeAmount = .zero
    private var waitingSince: NIODeadline?

    /// - Parameter begun: when the request's headers were complete.
    init(_ limits: PeerLimits, begun: NIODeadline) {
        self.limits = limits
        strangerEnd = begun + TimeAmount(limits.strangerBodyTimeout)
        periodEnd = begun + TimeAmount(limits.bodyGrace)
    }

    /// The server asked for more.
    mutating func wait(_ now: NIODeadline) { if waitingSince == nil { waitingSince = now } }

    /// What came, came; the server has not yet asked for more.
    mutating func pause(_ now: NIODeadline) {
        if let since = waitingSince { waited = waited + (now - since) }
        waitingSince = nil
    }

    mutating func receive(_ bytes: Int) { received += bytes }

    /// The caller turned out to be somebody known.
    mutating func know() { isKnown = true }

    /// When to look again.
    func nextCheck(after now: NIODeadline) -> NIODeadline { isKnown || strangerEnd <= now ? periodEnd : min(periodEnd, strangerEnd) }

    /// Looks at the clock.
    /// - Returns: why the body must end; nil when it may go on.
    mutating func check(_ now: NIODeadline) -> Fault? {
        if !isKnown, strangerEnd <= now, waitingSince != nil { return .strangerTooLong }
        guard periodEnd <= now else { return nil }
        if waitingSince != nil {
            pause(now)
            wait(now)
        }
        let least = limits.least(in: .nanoseconds(waited.nanoseconds))
        if !isInGrace, Double(received) < least { return .tooSlow }
        (isInGrace, received, waited) = (false, 0, .zero)
        periodEnd = now + TimeAmount(limits.bodyGrace)
        return nil
    }
}
