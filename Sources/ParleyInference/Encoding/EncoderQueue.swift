/// The texts that wait for the model: questions before ingestion, requests of one kind in turn, texts of like length together.
/// A state machine without threads; `EncoderRunner` drives it.
struct EncoderQueue {
    struct Item: Equatable, Sendable {
        let request: UInt64
        /// Its place among the request's texts.
        let index: Int
        let row: [Int32]
    }

    private struct Request {
        let id: UInt64
        /// Longest first: served from the end.
        var items: [Item]
    }

    /// Tokens of one inference, padding included. Short texts gain from going together (8 of 16 tokens take 4 times as long as one);
    /// from 128 tokens on there is no gain.
    static let batchTokens = 128

    private let limit: Int
    private var questions: [Request] = []
    private var ingestion: [Request] = []

    /// - Parameter limit: of waiting texts of a kind; a request is refused when there are as many already.
    init(limit: Int) { self.limit = limit }

    var waiting: Int { count(questions) + count(ingestion) }

    /// False when the queue is full.
    mutating func add(_ id: UInt64, _ rows: [[Int32]], priority: InferencePriority) -> Bool {
        guard count(priority == .question ? questions : ingestion) < limit else { return false }
        let items = rows.enumerated().map { Item(request: id, index: $0.offset, row: $0.element) }
        let request = Request(id: id, items: items.sorted { $0.row.count > $1.row.count })
        if priority == .question { questions.append(request) } else { ingestion.append(request) }
        return true
    }

    /// Takes the next batch, of one length once filled up; empty when nothing waits.
    mutating func next(questionsOnly: Bool = false) -> [Item] {
        if !questions.isEmpty { return Self.take(&questions) }
        return questionsOnly ? [] : Self.take(&ingestion)
    }

    mutating func remove(_ id: UInt64) {
        questions.removeAll { $0.id == id }
        ingestion.removeAll { $0.id == id }
    }

    private static func take(_ requests: inout [Request]) -> [Item] {
        guard let length = requests.first?.items.last.map(bucket) else { return [] }
        let rows = max(1, batchTokens / length)  // fits: a bucket is never empty
        var batch: [Item] = []
        for index in requests.indices {
            while batch.count < rows, let item = requests[index].items.last, bucket(item) == length {
                batch.append(item)
                requests[index].items.removeLast()
            }
        }
        let first = requests.removeFirst()
        requests = (requests + [first]).filter { !$0.items.isEmpty }
        return batch
    }

    private static func bucket(_ item: Item) -> Int { TokenBatch.length(for: item.row.count, maxTokens: .max) }

    private func count(_ requests: [Request]) -> Int { requests.reduce(0) { $0 + $1.items.count } }
}
