/// Where the round and square brackets of a text close: round ones nest, a square one closes at the next closing sign.
struct MarkdownClosers {
    private var closers: [Int: Int] = [:]

    init(_ input: [Unicode.Scalar]) {
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
        }
    }

    /// The place of the sign that closes the one at this place; nil when it has none.
    subscript(opener: Int) -> Int? { closers[opener] }
}
