internal import Dispatch
internal import Foundation
public import ParleyCore
internal import Synchronization

/// A small language model in this process, run by OpenVINO: one answer at a time on a thread of its own, the others wait in turn.
public final class LocalLanguageModel: ChatModel {
    public struct Options: Sendable {
        /// Tokens of prompt and answer together. A prompt is one step of the model: 1.4 s and 520 MB at 2,000 tokens.
        public var contextWindow = 2048
        /// Answers that may wait, beside the one that is being written.
        public var waitingLimit = 16
        /// Of one inference; 0 takes the machine's cores, at most 4.
        public var threads = 0
        /// Where OpenVINO may keep the compiled model (140 MB), which loads four times as fast; nil compiles at each start.
        public var cacheFolder: String?

        public init() {}
    }

    public let descriptor: ChatModelDescriptor
    public let tokenizer: BytePairTokenizer
    private let prompt: ChatPrompt
    private let ends: Set<Int64>
    private let model: OpenVINOModel
    private let queue: Mutex<GenerationQueue>
    private let worker = DispatchQueue(label: "parley.model", qos: .userInitiated)

    /// Loads the model and runs it once, so that the first question is not slower than others. Blocks for about a second.
    /// - Parameters:
    ///   - folder: with `model.xml`, `model.bin` and `tokenizer.bpe`; its name is the model's.
    ///   - runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    /// - Throws: `model.missing`, `inference.runtime_missing`, `inference.model_unusable`.
    public init(folder: String, runtime: String, options: Options = Options()) throws(ParleyError) {
        try LanguageModelFolder.check(folder)
        tokenizer = try BytePairTokenizer(folder: folder)
        guard let prompt = ChatPrompt(tokenizer) else {
            throw ParleyError(.inferenceModelUnusable, "The model in \(folder) has no ChatML marks in its vocabulary; use another model.")
        }
        self.prompt = prompt
        ends = Set([tokenizer.endOfTurn] + [tokenizer.special("<|endoftext|>")].compactMap { $0 })
        descriptor = ChatModelDescriptor(name: LanguageModelFolder.name(folder), contextWindow: max(64, options.contextWindow))
        queue = Mutex(GenerationQueue(limit: max(0, options.waitingLimit)))
        model = try Self.load(folder + "/model.xml", try OpenVINORuntime.open(directory: runtime), options)
        try warmUp()
    }

    /// Answers that wait for their turn.
    public var waiting: Int { queue.withLock { $0.count } }

    public var tokenCounter: any AnswerTokenCounter { BytePairTokenCounter(tokenizer) }

    public func checkHealth() async throws {}

    public func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error> {
        do { return try start(request).chunks } catch { return AsyncThrowingStream { $0.finish(throwing: error) } }
    }

    /// As `stream`, but what is wrong with the request is known at once.
    /// - Throws: `model.context_exceeded` for a prompt that fills the window, `model.overloaded` when too many wait.
    public func start(_ request: ChatRequest) throws(ParleyError) -> LocalAnswer {
        let tokens = try promptTokens(request)
        let (stream, output) = AsyncThrowingStream.makeStream(of: ChatChunk.self)
        let room = descriptor.contextWindow - tokens.count
        let generation = Generation(prompt: tokens, request: request, limit: min(room, max(1, request.maxTokens ?? room)), output: output)
        let admission = queue.withLock { $0.add(generation) }
        guard admission != .refused else {
            throw ParleyError(
                .modelOverloaded, "Too many questions wait for the language model; try again shortly.", retryAfter: .seconds(5))
        }
        output.onTermination = { [weak self, weak generation] _ in
            guard let generation else { return }
            self?.queue.withLock { $0.remove(generation) }
            generation.cancel()
        }
        if admission == .queuedFirst { worker.async { self.drain() } }
        return LocalAnswer(chunks: stream, generation: generation)
    }

    private func promptTokens(_ request: ChatRequest) throws(ParleyError) -> [Int64] {
        let window = descriptor.contextWindow
        guard prompt.mayFit(request.messages, in: window) else {
            throw ParleyError(.modelContextExceeded, "The prompt is longer than the model's \(window) tokens; shorten it.")
        }
        let tokens = prompt.tokens(request.messages)
        guard tokens.count < window else {
            throw ParleyError(
                .modelContextExceeded,
                "The prompt has \(tokens.count) tokens, but the model's window of \(window) must hold it and the answer; shorten it.")
        }
        return tokens
    }

    /// Works until nothing waits; runs on the worker thread.
    private func drain() {
        while let generation = queue.withLock({ $0.next() }) {
            do {
                if generation.isCancelled { continue }
                var run = GenerationRun(generation, tokenizer: tokenizer, ends: ends)
                try run.run(try OpenVINOSession(model))
                generation.output.finish()
            } catch {
                generation.output.finish(throwing: error)
            }
        }
    }

    private static func load(_ path: String, _ runtime: OpenVINORuntime, _ options: Options) throws(ParleyError) -> OpenVINOModel {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let threads = String(options.threads > 0 ? options.threads : min(4, cores))
        // OpenVINO's defaults round activations and the cache to 8 bits, which a model this small answers with nonsense;
        // here they cost nothing to leave out.
        return try OpenVINOModel(
            runtime, path: path,
            properties: [
                "KV_CACHE_PRECISION": "f16", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0", "INFERENCE_NUM_THREADS": threads,
                "PERFORMANCE_HINT": "LATENCY", "CACHE_DIR": options.cacheFolder ?? "",
            ])
    }

    private func warmUp() throws(ParleyError) {
        do {
            let session = try OpenVINOSession(model)
            let first = try session.step(prompt.tokens([ChatMessage(.user, "Hello")])) { Sampler.likeliest($0) }
            _ = try session.step([Int64(first)]) { $0.count }
        } catch {
            throw ParleyError(
                .inferenceModelUnusable, "The language model does not run; run `script/setup --language-model` to install it anew.",
                cause: error)
        }
    }
}
