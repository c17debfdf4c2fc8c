internal import Synchronization

/// An answer of the local model under way.
public struct LocalAnswer: Sendable {
    /// As `ChatModel.stream` gives them.
    public let chunks: AsyncThrowingStream<ChatChunk, any Error>
    let generation: Generation

    /// Ends the answer at once for its reader, who gets a `CancellationError`, and for the model before its next token.
    public func cancel() { generation.cancel() }
}

/// One answer in the making: what it starts from, where its pieces go, and whether anyone still wants it.
final class Generation: Sendable {
    typealias Continuation = AsyncThrowingStream<ChatChunk, any Error>.Continuation

    let prompt: [Int64]
    let sampling: Sampling
    let stop: [String]
    /// The most tokens that the answer may have.
    let limit: Int
    let output: Continuation
    private let cancelled = Atomic(false)

    init(prompt: [Int64], request: ChatRequest, limit: Int, output: Continuation) {
        (self.prompt, sampling, stop, self.limit, self.output) = (prompt, request.sampling, request.stop, limit, output)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
        output.finish(throwing: CancellationError())
    }
}

/// The answers that wait for the model, in turn. A state machine without threads.
struct GenerationQueue {
    enum Admission { case refused, queued, queuedFirst }

    private let limit: Int
    private var waiting: [Generation] = []
    private var isRunning = false

    /// - Parameter limit: of waiting answers, beside the one that is being written.
    init(limit: Int) { self.limit = limit }

    var count: Int { waiting.count }

    /// `.queuedFirst` when no one is working: the caller starts the work.
    mutating func add(_ generation: Generation) -> Admission {
        if !isRunning {
            isRunning = true
            waiting.append(generation)
            return .queuedFirst
        }
        guard waiting.count < limit else { return .refused }
        waiting.append(generation)
        return .queued
    }

    /// The next answer to write; nil ends the work.
    mutating func next() -> Generation? {
        isRunning = !waiting.isEmpty
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    mutating func remove(_ generation: Generation) { waiting.removeAll { $0 === generation } }
}
