import ParleyCore

/// When a suspect, a job that may be what ends its process, gets its turn alone. Neither it nor the others starve: it waits for what runs
/// for a bounded time, and after its turn the others have as long as it took.
struct SuspectTurns {
    typealias Instant = ContinuousClock.Instant

    private let pace: JobPace
    private let started: Instant
    private var nextLook: Instant
    private var resting: Instant
    /// Since when nothing else is taken, so that what runs may end.
    private var clearing: Instant?
    private var running: (id: JobID, since: Instant, givesWay: Bool)?
    /// How long those may run that were put back for the sake of others.
    private var lengths: [JobID: Duration] = [:]

    init(_ pace: JobPace, at now: Instant) { (self.pace, started, nextLook, resting) = (pace, now, now, now) }

    /// How many deaths a suspect may have that is taken now; nil while none is to be looked for.
    mutating func deaths(at now: Instant) -> Int? {
        guard clearing != nil || now >= nextLook else { return nil }
        nextLook = now + pace.poll
        var most: Int?
        var quiet = pace.quiet
        for deaths in Suspicion.begins..<Suspicion.ends {
            if started.duration(to: now) >= quiet { most = deaths }
            quiet *= 2
        }
        return most
    }

    /// Whether the others have their time after a suspect's turn.
    func isResting(at now: Instant) -> Bool { now < resting }

    /// What to do with the jobs that run while a suspect waits.
    enum Clearing { case wait, putBack, giveWay }

    mutating func clear(at now: Instant) -> Clearing {
        let since = clearing ?? now
        clearing = since
        let waited = since.duration(to: now)
        if waited < pace.patience { return .wait }
        if waited < pace.patience * 2 { return .putBack }
        // Something does not stop; the others must go on.
        clearing = nil
        resting = now + waited
        return .giveWay
    }

    /// No suspect waits.
    mutating func noneWaits() { (clearing, lengths) = (nil, [:]) }

    mutating func begin(_ id: JobID, at now: Instant) { running = (id, now, false) }

    /// Whether the suspect that runs must give way to jobs of high priority, if any wait.
    func isOver(at now: Instant) -> Bool {
        guard let running, !running.givesWay else { return false }
        return running.since.duration(to: now) >= lengths[running.id, default: pace.turn]
    }

    /// The suspect is put back for the sake of others; its next turn is longer.
    mutating func giveWay() {
        guard let id = running?.id else { return }
        lengths[id] = lengths[id, default: pace.turn] * 2
        running?.givesWay = true
    }

    /// No suspect runs any more.
    mutating func end(at now: Instant) {
        guard let turn = running else { return }
        resting = now + (clearing ?? turn.since).duration(to: now)
        nextLook = now
        (running, clearing) = (nil, nil)
    }
}
