/// Where the brackets of a text close, and where its words begin and end: what tells in constant time whether a link's target is one.
/// Round brackets nest, a square one closes at the next closing sign.
struct MarkdownClosers {
    private var closers: [Int: Int] = [:]
    /// The next white space, and the next of anything else, from each place on; the last of anything else before it.
    private var nextSpace: [Int] = []
    private var nextSolid: [Int] = []
    private var lastSolid: [Int] = []
    private let input: [Unicode.Scalar]

    init(_ input: [Unicode.Scalar]) {
        self.input = input
        var round: [Int] = []
        var square: [Int] = []
        for (place, scalar) in input.enumerated() {
            switch scalar {
            case "(": round.append(place)
            case ")": if let opener = round.popLast() { closers[opener] = place }
            case "[": square.append(place)
            case "]":
                for opener in square { closers[opener] = place }
                square.removeAll(keepingCapacity: true)
            default: break
            }
            lastSolid.append(scalar.properties.isWhitespace ? lastSolid.last ?? -1 : place)
        }
        nextSpace = [Int](repeating: input.count, count: input.count + 1)
        nextSolid = nextSpace
        for place in input.indices.reversed() {
            let isSpace = input[place].properties.isWhitespace
            nextSpace[place] = isSpace ? place : nextSpace[place + 1]
            nextSolid[place] = isSpace ? nextSolid[place + 1] : place
        }
    }

    /// The place of the sign that closes the one at this place; nil when it has none.
    subscript(opener: Int) -> Int? { closers[opener] }

    /// The address between these round brackets, when they hold one and a title at most; other text in brackets is none.
    func target(in opener: Int) -> (address: Range<Int>, close: Int)? {
        guard let close = closers[opener] else { return nil }
        let start = min(nextSolid[opener + 1], close)
        if start < close, input[start] == "<" {
            guard let end = input[start..<min(close, start + 2000)].firstIndex(of: ">") else { return nil }
            return holdsTitle(from: end + 1, to: close) ? (start..<end + 1, close) : nil
        }
        let end = min(nextSpace[start], close)
        return holdsTitle(from: end, to: close) ? (start..<end, close) : nil
    }

    private func holdsTitle(from start: Int, to close: Int) -> Bool {
        let first = nextSolid[start]
        guard first < close else { return true }
        let last = close > 0 ? lastSolid[close - 1] : first
        guard last > first else { return false }
        switch input[first] {
        case "\"", "'": return input[last] == input[first]
        case "(": return input[last] == ")"
        default: return false
        }
    }
}
