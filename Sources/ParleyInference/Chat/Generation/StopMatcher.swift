/// Ends an answer before the first of some texts, wherever token borders cut them: what may still become a stop text is held back.
struct StopMatcher {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []
    private(set) var isStopped = false

    /// Empty texts never stop anything.
    init(_ stops: [String]) { self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty } }

    /// The bytes that surely stand before any stop text; sets `isStopped` at the end of one.
    mutating func add(_ bytes: some Collection<UInt8>) -> ArraySlice<UInt8> {
        if stops.isEmpty { return ArraySlice(bytes) }
        if isStopped { return [] }
        held.append(contentsOf: bytes)
        var position = 0
        while position < held.count {
            let rest = held[position...]
            if stops.contains(where: { rest.starts(with: $0) }) {
                isStopped = true
                defer { held = [] }
                return held[..<position]
            }
            if stops.contains(where: { $0.starts(with: rest) }) { break }
            position += 1
        }
        defer { held.removeFirst(position) }
        return held[..<position]
    }

    /// What was held back, at the end of the answer.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
