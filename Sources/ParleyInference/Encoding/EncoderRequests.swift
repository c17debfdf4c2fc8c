/// The callers that wait for the model's outputs, the queue of their texts, and the lanes that work on it.
struct EncoderRequests {
    typealias Continuation = CheckedContinuation<[[Float]], any Error>

    enum Admission: Equatable {
        case refused
        /// The caller starts these lanes, which rested.
        case queued(lanes: [Int])
    }

    private struct Pending {
        var outputs: [[Float]]
        var missing: Int
        let continuation: Continuation
    }

    /// For so long after a question one lane takes no documents: the next question does not wait for a document's inference to end.
    static let reserve: Duration = .seconds(1)

    private var queue: EncoderQueue
    private var reservedUntil: ContinuousClock.Instant?
    private var pending: [UInt64: Pending] = [:]
    private var lastID: UInt64 = 0
    /// Lanes that do nothing, the first one last: what one lane can do never wakes another.
    private var resting: [Int]

    private let lanes: Int

    init(limit: Int, lanes: Int) {
        queue = EncoderQueue(limit: limit)
        self.lanes = lanes
        resting = (0..<lanes).reversed()
    }

    var waiting: Int { queue.waiting }

    mutating func newID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func add(
        _ id: UInt64, _ rows: [[Int32]], _ priority: InferencePriority, _ continuation: Continuation, at now: ContinuousClock.Instant
    ) -> Admission {
        guard queue.add(id, rows, priority: priority) else { return .refused }
        pending[id] = Pending(outputs: Array(repeating: [], count: rows.count), missing: rows.count, continuation: continuation)
        if priority == .question { reservedUntil = now + Self.reserve }
        return .queued(lanes: wake(rows.count, keeping: priority == .question ? 0 : reserved(at: now)))
    }

    /// What this lane does next, and the lanes that rested and are to be started since there is work for them.
    /// Nil when there is nothing: the lane rests until it is started again.
    mutating func nextBatch(for lane: Int, at now: ContinuousClock.Instant) -> (batch: [EncoderQueue.Item], started: [Int])? {
        let batch = queue.next(questionsOnly: resting.count < reserved(at: now))
        guard batch.isEmpty else { return (batch, wake(queue.waiting, keeping: reserved(at: now))) }
        resting.append(lane)
        resting.sort(by: >)
        return nil
    }

    /// How many lanes are kept from documents.
    private func reserved(at now: ContinuousClock.Instant) -> Int {
        guard lanes > 1, let reservedUntil, now < reservedUntil else { return 0 }
        return 1
    }

    /// Takes lanes that rest, for so many texts at most.
    private mutating func wake(_ texts: Int, keeping kept: Int) -> [Int] {
        let woken = Array(resting.suffix(min(texts, max(0, resting.count - kept))).reversed())  // fits: texts are counted
        resting.removeLast(woken.count)
        return woken
    }

    /// Records a batch's outputs and answers the requests that they complete.
    mutating func finish(_ batch: [EncoderQueue.Item], _ outputs: [[Float]]) -> [(Continuation, [[Float]])] {
        var complete: [(Continuation, [[Float]])] = []
        for (item, output) in zip(batch, outputs) {
            pending[item.request]?.outputs[item.index] = output
            pending[item.request]?.missing -= 1
            if let request = pending[item.request], request.missing == 0 {
                pending[item.request] = nil
                complete.append((request.continuation, request.outputs))
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
