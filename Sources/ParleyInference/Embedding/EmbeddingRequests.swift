/// The callers that wait for vectors, the queue of their texts, and the lanes that work on it.
struct EmbeddingRequests {
    typealias Continuation = CheckedContinuation<[[Float]], any Error>

    enum Admission: Equatable {
        case refused
        /// The caller starts these lanes, which rested.
        case queued(lanes: [Int])
    }

    private struct Pending {
        var vectors: [[Float]]
        var missing: Int
        let continuation: Continuation
    }

    private var queue: EmbeddingQueue
    private var pending: [UInt64: Pending] = [:]
    private var lastID: UInt64 = 0
    /// Lanes that do nothing, the first one last: what one lane can do never wakes another.
    private var resting: [Int]

    init(limit: Int, lanes: Int) {
        queue = EmbeddingQueue(limit: limit)
        resting = (0..<lanes).reversed()
    }

    var waiting: Int { queue.waiting }

    mutating func newID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func add(_ id: UInt64, _ rows: [[Int32]], _ priority: EmbeddingPriority, _ continuation: Continuation) -> Admission {
        guard queue.add(id, rows, priority: priority) else { return .refused }
        pending[id] = Pending(vectors: Array(repeating: [], count: rows.count), missing: rows.count, continuation: continuation)
        let lanes = Array(resting.suffix(rows.count).reversed())
        resting.removeLast(lanes.count)
        return .queued(lanes: lanes)
    }

    /// Nil when nothing waits: the lane rests until it is started again.
    mutating func nextBatch(for lane: Int) -> [EmbeddingQueue.Item]? {
        let batch = queue.next()
        guard batch.isEmpty else { return batch }
        resting.append(lane)
        resting.sort(by: >)
        return nil
    }

    /// Records a batch's vectors and answers the requests that they complete.
    mutating func finish(_ batch: [EmbeddingQueue.Item], _ vectors: [[Float]]) -> [(Continuation, [[Float]])] {
        var complete: [(Continuation, [[Float]])] = []
        for (item, vector) in zip(batch, vectors) {
            pending[item.request]?.vectors[item.index] = vector
            pending[item.request]?.missing -= 1
            if let request = pending[item.request], request.missing == 0 {
                pending[item.request] = nil
                complete.append((request.continuation, request.vectors))
            }
        }
        return complete
    }

    /// Removes a request's waiting texts; answers its continuation, once.
    mutating func remove(_ id: UInt64) -> Continuation? {
        queue.remove(id)
        return pending.removeValue(forKey: id)?.continuation
    }
}
