import ParleyCore

/// The places of one type in this process, and whose turn it is at them.
struct JobPlaces: Sendable {
    private let total: Int
    private let sharing: JobSharing
    /// Whose jobs run.
    private var running: [Lane] = []
    /// When each group and member was served last; the higher, the later.
    private var served: [Substring: Int] = [:]
    private var servings = 0
    /// The last lane of the last look when more follow; nil to look from the first one on.
    private(set) var cursor: String?

    init(_ total: Int, _ sharing: JobSharing) { (self.total, self.sharing) = (total, sharing) }

    var free: Int { total - running.count }

    var isShared: Bool { if case .none = sharing { false } else { true } }

    /// Says whose jobs run now.
    mutating func set(running lanes: [String]) { running = lanes.map(Lane.init) }

    /// Notes that a job was taken.
    mutating func take(_ lane: String) {
        let lane = Lane(lane)
        running.append(lane)
        guard isShared else { return }
        // Who was forgotten is served a little too early, once.
        if served.count > 10_000 { served = [:] }
        servings += 1
        (served[lane.group], served[lane.member]) = (servings, servings)
    }

    /// Which jobs to take of those at the heads of their lanes: first of the groups and members for whom least runs, among them of those
    /// who were served longest ago.
    mutating func choose(_ heads: [LaneHead]) -> [JobID] {
        let isEnd = heads.count < JobLeases.window
        let areAll = isEnd && cursor == nil
        cursor = isEnd ? nil : heads.last?.lane
        var after = self
        var waiting = heads.compactMap { head in head.job.map { (lane: Lane(head.lane), job: $0) } }
        var chosen: [JobID] = []
        while after.free > 0, let next = after.next(waiting.map(\.lane), areAll: areAll && chosen.isEmpty) {
            let (lane, job) = waiting.remove(at: next)
            after.take(lane.name)
            chosen.append(job)
        }
        return chosen
    }

    /// - Parameter areAll: whether no others wait than these; behind one that was chosen another may.
    private func next(_ waiting: [Lane], areAll: Bool) -> Int? {
        let groups = Dictionary(running.map { ($0.group, 1) }, uniquingKeysWith: +)
        let members = Dictionary(running.map { ($0.member, 1) }, uniquingKeysWith: +)
        let half = max(1, total / 2)
        /// The first in turn of those whose group and member have fewer places than this.
        func first(below group: Int, _ member: Int) -> Int? {
            waiting.indices.filter {
                groups[waiting[$0].group, default: 0] < group && members[waiting[$0].member, default: 0] < member
            }.min { turn(waiting[$0]) < turn(waiting[$1]) }
        }
        func turn(_ lane: Lane) -> (Int, Int, Int, Int) {
            (
                groups[lane.group, default: 0], members[lane.member, default: 0], served[lane.group, default: 0],
                served[lane.member, default: 0]
            )
        }
        switch sharing {
        case .none: return waiting.indices.first
        case .capped(let perMember): return first(below: half, perMember)
        case .fair:
            let most = max(1, total - 1)
            return first(below: half, half) ?? (areAll ? first(below: most, most) : nil)
        }
    }

    /// Whose work a job is.
    private struct Lane: Sendable {
        let name: String
        let group: Substring
        let member: Substring

        init(_ name: String) {
            let parts = name.split(separator: "/", maxSplits: 1)
            (self.name, group, member) = (name, parts.first ?? "", parts.last ?? "")
        }
    }
}
