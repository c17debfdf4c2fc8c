internal import Foundation
internal import ParleyCore
internal import Synchronization

/// A sentence encoder in this process, run by OpenVINO. Nothing is loaded before it is needed, and a model or runtime that is
/// missing is looked for again at the next use.
public final class OpenVINOEmbeddingModel: EmbeddingModel {
    private let loading: SentenceModelLoading
    private let runner: EncoderRunner<SentenceEncoder>

    /// - Parameters:
    ///   - folder: a sentence-transformers folder with `model.onnx` (setting `embedding.model`).
    ///   - runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    ///   - threads: inferences at a time, each on one thread; 0 takes the machine's cores, at most 4.
    ///   - waitingLimit: waiting texts of a kind beyond which requests are refused.
    public init(folder: String, runtime: String, threads: Int = 0, waitingLimit: Int = 4096) {
        let lanes = EncoderLanes.count(threads)
        let loading = SentenceModelLoading(path: folder, runtime: runtime, streams: lanes)
        let busy = ParleyError(.embeddingBusy, "Too many texts wait to be embedded; try again shortly.", retryAfter: .seconds(2))
        runner = EncoderRunner(lanes: lanes, waitingLimit: waitingLimit, busy: busy) { try loading.encoder() }
        self.loading = loading
    }

    /// Texts that wait for the model.
    public var waiting: Int { runner.waiting }

    public var identity: EmbeddingIdentity {
        get async throws {
            if let identity = loading.identity { return identity }
            _ = try await embed([""], priority: .question)
            guard let identity = loading.identity else { throw ParleyError(.embeddingFailed, "The embedding model failed to load.") }
            return identity
        }
    }

    public func checkHealth() async throws -> String {
        if let identity = loading.identity { return identity.description }
        try loading.check()
        return "installed; loaded when it is first needed"
    }

    public var contentTokenLimit: Int {
        guard let folder = try? loading.folder() else { return 254 }
        return max(1, folder.maxTokens - WordPieceTokenizer.marks - folder.tokenizer.tokenCount(folder.passagePrefix))
    }

    public func tokenCount(_ text: String) -> Int {
        (try? loading.folder())?.tokenizer.tokenCount(text) ?? ApproximateTokenCounter().tokenCount(text)
    }

    public func tokenRanges(_ text: String) -> [Range<Int>] {
        (try? loading.folder())?.tokenizer.tokenRanges(text) ?? ApproximateTokenCounter().tokenRanges(text)
    }

    public func embed(_ texts: [String], priority: InferencePriority) async throws -> [[Float]] {
        if texts.isEmpty { return [] }
        let folder = try loading.folder()
        let prefix = priority == .question ? folder.queryPrefix : folder.passagePrefix
        return try await runner.run(texts.map { folder.tokenizer.encode(prefix + $0, maxTokens: folder.maxTokens) }, priority)
    }

    public func close() async { await runner.close() }
}

/// Loads a sentence model's files and weights once, for all lanes.
private final class SentenceModelLoading: Sendable {
    private let path: String
    private let runtime: String
    private let streams: Int
    private let knownFolder = Mutex<SentenceModelFolder?>(nil)
    private let knownModel = Mutex<SentenceModel?>(nil)
    private let knownIdentity = Mutex<EmbeddingIdentity?>(nil)

    init(path: String, runtime: String, streams: Int) { (self.path, self.runtime, self.streams) = (path, runtime, streams) }

    /// Nil until the model has run.
    var identity: EmbeddingIdentity? { knownIdentity.withLock { $0 } }

    func folder() throws(ParleyError) -> SentenceModelFolder {
        try knownFolder.withLock { known throws(ParleyError) in
            if let known { return known }
            let folder = try SentenceModelFolder(path: path)
            known = folder
            return folder
        }
    }

    /// Whether everything is there, without loading it.
    func check() throws {
        _ = try folder()
        do { _ = try OpenVINORuntime.library(in: runtime) } catch { throw Self.told(error) }
    }

    func encoder() throws -> SentenceEncoder {
        let encoder = try SentenceEncoder(try model())
        let identity = encoder.identity
        knownIdentity.withLock { $0 = identity }
        return encoder
    }

    private func model() throws -> SentenceModel {
        do {
            return try knownModel.withLock { known in
                if let known { return known }
                let loaded = try SentenceModel(try folder(), runtime: runtime, streams: streams)
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
}
