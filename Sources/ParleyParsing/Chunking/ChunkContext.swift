/// What stands before a chunk's text when it is embedded, and how much room that leaves.
final class ChunkContext {
    private let title: String?
    private let room: Int
    private let countTokens: @Sendable (String) -> Int
    private var last: (path: [String], lines: [String], tokens: Int)?

    /// - Parameter room: tokens for context and text together.
    init(title: String?, room: Int, countTokens: @escaping @Sendable (String) -> Int) {
        (self.title, self.room, self.countTokens) = (title, room, countTokens)
    }

    /// Whether a heading of so many tokens stands before the texts under it.
    func carries(_ tokens: Int) -> Bool { tokens <= room / 3 }

    /// Tokens left for a text under this path.
    func room(under path: [String]) -> Int { max(room - entry(path).tokens, 8) }

    /// Title and headings, each a line. They take a third of the room at most: the outer headings go first, then the title.
    func lines(_ path: [String]) -> [String] { entry(path).lines }

    private func entry(_ path: [String]) -> (path: [String], lines: [String], tokens: Int) {
        if let last, last.path == path { return last }
        var lines: [String] = []
        var tokens = 0
        for line in candidates(path) {
            let cost = countTokens(line)
            guard tokens + cost <= room / 3 else { continue }
            lines.append(line)
            tokens += cost
        }
        // Chosen by weight, shown from the outside in.
        let order = ([title].compactMap { $0 } + path)
        lines.sort { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
        let entry = (path, lines, tokens)
        last = entry
        return entry
    }

    /// The nearest heading first, then the title, then the headings between, from the inside out.
    private func candidates(_ path: [String]) -> [String] {
        let titles = title.map { [$0] } ?? []
        let all: [String] = Array(path.suffix(1)) + titles + Array(path.dropLast().reversed())
        var seen: Set<String> = []
        return all.filter { seen.insert($0).inserted }
    }
}
