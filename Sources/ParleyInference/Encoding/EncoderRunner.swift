internal import ParleyCore
internal import Synchronization

/// A model that reads rows of token ids. Belongs to one thread at a time; its calls block.
protocol RowEncoder: SendableMetatype {
    /// One row of numbers for each; rows should be of similar length.
    func outputs(_ rows: [[Int32]]) throws -> [[Float]]
}

/// Runs a model in this process for many callers at once. Nothing is loaded before it is needed, and a model that is missing is looked for
/// again at the next use.
///
/// Each lane runs one inference at a time on one thread: threads that share an inference wait for each other by spinning, which
/// takes a fifth more processor time, and far more once other work wants a core.
final class EncoderRunner<Encoder: RowEncoder>: Sendable {
    private let lanes: [EncoderLane<Encoder>]
    private let requests: Mutex<EncoderRequests>
    private let busy: ParleyError
    private let make: @Sendable () throws -> Encoder

    /// - Parameters:
    ///   - lanes: inferences at a time, each on one thread.
    ///   - waitingLimit: waiting rows of a priority beyond which requests are refused.
    ///   - busy: what they are refused with.
    ///   - make: an encoder for one lane, on its thread.
    init(lanes count: Int, waitingLimit: Int, busy: ParleyError, make: @escaping @Sendable () throws -> Encoder) {
        lanes = (0..<count).map(EncoderLane.init)
        requests = Mutex(EncoderRequests(limit: max(1, waitingLimit), lanes: count))
        (self.busy, self.make) = (busy, make)
    }

    /// Rows that wait for the model.
    var waiting: Int { requests.withLock { $0.waiting } }

    /// What the model gives for each row, in their order.
    /// - Throws: what making an encoder throws, `busy` when too many rows wait, `CancellationError` when the task was cancelled.
    func run(_ rows: [[Int32]], _ priority: InferencePriority) async throws -> [[Float]] {
        let id = requests.withLock { $0.newID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(id, rows, priority, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Waits for what the model is doing: a process that ends while the runtime loads a model ends badly.
    func close() async {
        for lane in lanes { await withCheckedContinuation { continuation in lane.run { continuation.resume() } } }
    }

    private func submit(_ id: UInt64, _ rows: [[Int32]], _ priority: InferencePriority, _ continuation: EncoderRequests.Continuation) {
        switch requests.withLock({ $0.add(id, rows, priority, continuation, at: .now) }) {
        case .refused: continuation.resume(throwing: busy)
        case .queued(let numbers): start(numbers)
        }
        // Cancelled before the request stood in the queue: the handler found nothing to remove.
        if Task.isCancelled { cancel(id) }
    }

    private func cancel(_ id: UInt64) {
        requests.withLock { $0.remove(id) }?.resume(throwing: CancellationError())
    }

    private func start(_ numbers: [Int]) {
        for lane in numbers.map({ lanes[$0] }) { lane.run { self.drain(lane) } }
    }

    /// Works until nothing waits for it; runs on the lane's thread.
    private func drain(_ lane: EncoderLane<Encoder>) {
        while let (batch, others) = requests.withLock({ $0.nextBatch(for: lane.number, at: .now) }) {
            start(others)
            do {
                let outputs = try encode(batch.map(\.row), lane)
                for (continuation, outputs) in requests.withLock({ $0.finish(batch, outputs) }) { continuation.resume(returning: outputs) }
            } catch {
                for id in Set(batch.map(\.request)) { requests.withLock { $0.remove(id) }?.resume(throwing: error) }
            }
        }
    }

    private func encode(_ rows: [[Int32]], _ lane: EncoderLane<Encoder>) throws -> [[Float]] {
        try lane.encoder.withLock { encoder in
            if let encoder { return try encoder.outputs(rows) }
            let made = try make()
            encoder = made
            return try made.outputs(rows)
        }
    }
}
