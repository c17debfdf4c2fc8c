/// Leaves a host alone that failed several times in a row. A state machine without input or output (M. Nygard, *Release It!*):
/// closed, then open for a pause, then half open for one trial call whose outcome decides.
struct CircuitBreaker: Sendable {
    enum State: Hashable, Sendable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case halfOpen
    }

    /// The leave to make a call. Outcomes of calls that began in an earlier state count no more.
    struct Ticket: Hashable, Sendable {
        fileprivate let generation: Int
    }

    enum Permission: Hashable, Sendable {
        case go(Ticket)
        /// How long to wait before the next try has a chance.
        case refused(Duration)
    }

    enum Outcome: Sendable {
        case success, failure
        /// Tells nothing of the host, such as a call that was cancelled.
        case neither
    }

    let failureLimit: Int
    let pause: Duration
    private(set) var state = State.closed(failures: 0)
    private var generation = 0
    private var isProbing = false

    init(failureLimit: Int, pause: Duration) { (self.failureLimit, self.pause) = (failureLimit, pause) }

    /// How it would take the next call.
    func circuit(at now: ContinuousClock.Instant) -> RemoteCircuit {
        switch state {
        case .closed: .closed
        case .open(let until): now < until ? .open : .halfOpen
        case .halfOpen: .halfOpen
        }
    }

    mutating func ask(at now: ContinuousClock.Instant) -> Permission {
        switch state {
        case .closed: return .go(Ticket(generation: generation))
        case .open(let until):
            guard now >= until else { return .refused(now.duration(to: until)) }
            enter(.halfOpen)
        case .halfOpen:
            guard !isProbing else { return .refused(pause) }
        }
        isProbing = true
        return .go(Ticket(generation: generation))
    }

    mutating func record(_ outcome: Outcome, of ticket: Ticket, at now: ContinuousClock.Instant) {
        guard ticket.generation == generation else { return }
        isProbing = false
        switch (state, outcome) {
        case (.closed, .success), (.halfOpen, .success): if state != .closed(failures: 0) { close() }
        case (.closed(let failures), .failure):
            if failures + 1 >= failureLimit { enter(.open(until: now + pause)) } else { state = .closed(failures: failures + 1) }
        case (.halfOpen, .failure): enter(.open(until: now + pause))
        case (_, .neither), (.open, _): break
        }
    }

    /// A run of failures that a success ends stays in the same generation.
    private mutating func close() {
        if case .halfOpen = state { enter(.closed(failures: 0)) } else { state = .closed(failures: 0) }
    }

    private mutating func enter(_ next: State) {
        state = next
        generation += 1
        isProbing = false
    }
}
