/// Joins the bytes of one piece by the vocabulary's merges, lowest rank first and leftmost among equals.
/// With a heap over a linked list it takes n log n steps, so that a long piece costs no more than a long text.
struct BytePairMerger {
    private struct Candidate {
        let rank: UInt32
        let left: Int32
        let leftToken: UInt32
        let rightToken: UInt32
        let result: UInt32

        func goesBefore(_ other: Self) -> Bool { rank != other.rank ? rank < other.rank : left < other.left }
    }

    private let vocabulary: BytePairVocabulary
    private var tokens: [UInt32] = []
    private var following: [Int32] = []
    private var preceding: [Int32] = []
    private var heap: [Candidate] = []
    private static let gone = UInt32.max

    init(_ vocabulary: BytePairVocabulary) { self.vocabulary = vocabulary }

    /// Appends the piece's tokens.
    mutating func append(_ piece: [UInt8], to output: inout [Int64]) {
        start(piece)
        while let candidate = pop() {
            let left = Int(candidate.left)
            let right = Int(following[left])
            guard right >= 0, tokens[left] == candidate.leftToken, tokens[right] == candidate.rightToken else { continue }
            join(left, right, candidate.result)
        }
        for token in tokens where token != Self.gone { output.append(Int64(token)) }
    }

    private mutating func start(_ piece: [UInt8]) {
        tokens = vocabulary.tokens(of: piece)
        preceding = tokens.indices.map { Int32($0) - 1 }  // fits: an index into a piece of a text
        following = tokens.indices.map { $0 + 1 < tokens.count ? Int32($0) + 1 : -1 }  // fits: an index into a piece of a text
        heap.removeAll(keepingCapacity: true)
        for left in tokens.indices.dropLast() { consider(left, left + 1) }
    }

    private mutating func join(_ left: Int, _ right: Int, _ result: UInt32) {
        tokens[left] = result
        tokens[right] = Self.gone
        following[left] = following[right]
        let next = Int(following[right])
        if next >= 0 {
            preceding[next] = Int32(left)  // fits: an index into a piece of a text
            consider(left, next)
        }
        let previous = Int(preceding[left])
        if previous >= 0 { consider(previous, left) }
    }

    private mutating func consider(_ left: Int, _ right: Int) {
        guard let merge = vocabulary.merge(tokens[left], tokens[right]) else { return }
        heap.append(
            Candidate(
                // fits: an index into a piece of a text
                rank: merge.rank, left: Int32(left), leftToken: tokens[left], rightToken: tokens[right], result: merge.result))
        var child = heap.count - 1
        while child > 0, heap[child].goesBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].goesBefore(heap[least]) { least = child }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
