internal import Foundation
internal import ParleyCore
internal import Synchronization

/// A sentence encoder in this process, run by OpenVINO. Nothing is loaded before it is needed, and a model or runtime that is
/// missing is looked for again at the next use.
///
/// Each lane runs one inference at a time on one thread: threads that share an inference wait for each other by spinning, which
/// takes a fifth more processor time, and far more once other work wants a core.
public final class OpenVINOEmbeddingModel: EmbeddingModel {
    private let path: String
    private let runtime: String
    private let folder = Mutex<SentenceModelFolder?>(nil)
    private let model = Mutex<SentenceModel?>(nil)
    private let lanes: [EmbeddingLane]
    private let known = Mutex<EmbeddingIdentity?>(nil)
    private let requests: Mutex<EmbeddingRequests>

    /// - Parameters:
    ///   - folder: a sentence-transformers folder with `model.onnx` (setting `embedding.model`).
    ///   - runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    ///   - threads: inferences at a time, each on one thread; 0 takes the machine's cores, at most 4.
    ///   - waitingLimit: waiting texts of a kind beyond which requests are refused.
    public init(folder: String, runtime: String, threads: Int = 0, waitingLimit: Int = 4096) {
        (path, self.runtime) = (folder, runtime)
        let count = threads > 0 ? threads : min(4, ProcessInfo.processInfo.activeProcessorCount)
        lanes = (0..<count).map(EmbeddingLane.init)
        requests = Mutex(EmbeddingRequests(limit: max(1, waitingLimit), lanes: count))
    }

    /// Texts that wait for the model.
    public var waiting: Int { requests.withLock { $0.waiting } }

    public var identity: EmbeddingIdentity {
        get async throws {
            if let identity = known.withLock({ $0 }) { return identity }
            _ = try await embed([""], priority: .question)
            guard let identity = known.withLock({ $0 }) else { throw ParleyError(.embeddingFailed, "The embedding model failed to load.") }
            return identity
        }
    }

    public func checkHealth() async throws -> String {
        if let identity = known.withLock({ $0 }) { return identity.description }
        _ = try readFolder()
        do { _ = try OpenVINORuntime.library(in: runtime) } catch { throw Self.told(error) }
        return "installed; loaded when it is first needed"
    }

    public var contentTokenLimit: Int {
        guard let folder = try? readFolder() else { return 254 }
        return max(1, folder.maxTokens - WordPieceTokenizer.marks - folder.tokenizer.tokenCount(folder.passagePrefix))
    }

    public func tokenCount(_ text: String) -> Int {
        (try? readFolder())?.tokenizer.tokenCount(text) ?? ApproximateTokenCounter().tokenCount(text)
    }

    public func tokenRanges(_ text: String) -> [Range<Int>] {
        (try? readFolder())?.tokenizer.tokenRanges(text) ?? ApproximateTokenCounter().tokenRanges(text)
    }

    public func embed(_ texts: [String], priority: EmbeddingPriority) async throws -> [[Float]] {
        if texts.isEmpty { return [] }
        let folder = try readFolder()
        let prefix = priority == .question ? folder.queryPrefix : folder.passagePrefix
        let rows = texts.map { folder.tokenizer.encode(prefix + $0, maxTokens: folder.maxTokens) }
        let id = requests.withLock { $0.newID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(id, rows, priority, continuation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// A process that ends while the runtime loads a model ends badly.
    public func close() async {
        for lane in lanes { await withCheckedContinuation { continuation in lane.run { continuation.resume() } } }
    }

    private func submit(_ id: UInt64, _ rows: [[Int32]], _ priority: EmbeddingPriority, _ continuation: EmbeddingRequests.Continuation) {
        switch requests.withLock({ $0.add(id, rows, priority, continuation, at: .now) }) {
        case .refused:
            continuation.resume(
                throwing: ParleyError(.embeddingBusy, "Too many texts wait to be embedded; try again shortly.", retryAfter: .seconds(2)))
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
    private func drain(_ lane: EmbeddingLane) {
        while let (batch, others) = requests.withLock({ $0.nextBatch(for: lane.number, at: .now) }) {
            start(others)
            do {
                let vectors = try encode(batch.map(\.row), lane)
                for (continuation, vectors) in requests.withLock({ $0.finish(batch, vectors) }) { continuation.resume(returning: vectors) }
            } catch {
                for id in Set(batch.map(\.request)) { requests.withLock { $0.remove(id) }?.resume(throwing: error) }
            }
        }
    }

    private func encode(_ rows: [[Int32]], _ lane: EmbeddingLane) throws -> [[Float]] {
        try lane.encoder.withLock { encoder in
            if let encoder { return try encoder.vectors(rows) }
            let made = try SentenceEncoder(try load())
            let identity = made.identity
            known.withLock { $0 = identity }
            encoder = made
            return try made.vectors(rows)
        }
    }

    /// The model, loaded once for all lanes.
    private func load() throws -> SentenceModel {
        do {
            return try model.withLock { known in
                if let known { return known }
                let loaded = try SentenceModel(try readFolder(), runtime: runtime, streams: lanes.count)
                known = loaded
                return loaded
            }
        } catch let error as ParleyError {
            throw Self.told(error)
        }
    }

    private static func told(_ error: ParleyError) -> ParleyError {
        guard error.code == .inferenceRuntimeMissing else { return error }
        var error = error
        error.code = .embeddingRuntimeMissing
        return error
    }

    private func readFolder() throws(ParleyError) -> SentenceModelFolder {
        try folder.withLock { known throws(ParleyError) in
            if let known { return known }
            let folder = try SentenceModelFolder(path: path)
            known = folder
            return folder
        }
    }
}
