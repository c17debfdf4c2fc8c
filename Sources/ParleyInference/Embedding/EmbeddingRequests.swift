/// The callers that wait for vectors, and the queue of their texts.
struct EmbeddingRequests {
    typealias Continuation = CheckedContinuation<[[Float]], any Error>

    enum Admission { case refused, queued, queuedFirst }

    private struct Pending {
        var vectors: [[Float]]
        var missing: Int
        let continuation: Continuation
    }

    private var queue: EmbeddingQueue
    private var pending: [UInt64: Pending] = [:]
    private var lastID: UInt64 = 0
    private var isWorking = false

    init(limit: Int) { queue = EmbeddingQueue(limit: limit) }

    var waiting: Int { queue.waiting }

    mutating func newID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// `queuedFirst` asks the caller to start the worker.
    mutating func add(_ id: UInt64, _ rows: [[Int32]], _ priority: EmbeddingPriority, _ continuation: Continuation) -> Admission {
        guard queue.add(id, rows, priority: priority) else { return .refused }
        pending[id] = Pending(vectors: Array(repeating: [], count: rows.count), missing: rows.count, continuation: continuation)
        defer { isWorking = true }
        return isWorking ? .queued : .queuedFirst
    }

    /// Nil when nothing waits: the worker rests until it is started again.
    mutating func nextBatch() -> [EmbeddingQueue.Item]? {
        let batch = queue.next()
        isWorking = !batch.isEmpty
        return isWorking ? batch : nil
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
