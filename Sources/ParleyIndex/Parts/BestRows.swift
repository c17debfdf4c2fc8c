import ParleyCore

/// The best few of many scored rows: a heap whose root is the worst one kept.
struct BestRows<Row> {
    struct Entry {
        let score: Float
        let row: Row
    }

    private let limit: Int
    private var heap: [Entry] = []
    /// Whether the first of two rows with equal scores comes first.
    private let precedes: (Row, Row) -> Bool

    init(limit: Int, precedes: @escaping (Row, Row) -> Bool) {
        self.limit = max(0, limit)
        self.precedes = precedes
        heap.reserveCapacity(min(self.limit, 4096))
    }

    /// A row with a lower score cannot enter.
    var threshold: Float { heap.count < limit ? -.infinity : heap.first?.score ?? .infinity }

    mutating func offer(_ row: Row, _ score: Float) {
        let entry = Entry(score: score, row: row)
        if heap.count < limit {
            heap.append(entry)
            siftUp()
        } else if let worst = heap.first, isWorse(worst, entry) {
            heap[0] = entry
            siftDown()
        }
    }

    /// Those kept, in no order.
    var entries: [Entry] { heap }

    /// Best first.
    func sorted() -> [Entry] { heap.sorted { isWorse($1, $0) } }

    private func isWorse(_ a: Entry, _ b: Entry) -> Bool {
        a.score != b.score ? a.score < b.score : precedes(b.row, a.row)
    }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard isWorse(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isWorse(heap[child], heap[worst]) { worst = child }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
