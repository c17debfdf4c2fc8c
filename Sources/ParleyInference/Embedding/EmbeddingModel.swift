/// What made a vector. Vectors of unlike identities mean different things and must never meet in one index.
public struct EmbeddingIdentity: Hashable, Sendable, CustomStringConvertible {
    /// The model's name: its folder's, or the one that a remote service knows.
    public let model: String
    /// A fingerprint of the model's weights, vocabulary and prefixes; `remote` where they are out of reach.
    public let content: String
    /// What ran the model, with as much of its version as can change the figures, e.g. `openvino-2026.4`.
    public let runtime: String
    /// How the tokens' vectors became one: `mean`, `cls`, or `remote`.
    public let pooling: String
    /// Longest text in tokens, marks included; what is beyond is not seen.
    public let maxTokens: Int
    public let dimensions: Int

    public init(model: String, content: String, runtime: String, pooling: String, maxTokens: Int, dimensions: Int) {
        (self.model, self.content, self.runtime, self.pooling) = (model, content, runtime, pooling)
        (self.maxTokens, self.dimensions) = (maxTokens, dimensions)
    }

    /// The same text for the same identity in every release: fit to be stored and compared.
    public var description: String { "\(model)@\(content)/\(runtime)/\(pooling)/\(maxTokens)/\(dimensions)" }
}

/// Turns texts into vectors whose scalar product tells how near they are in meaning.
public protocol EmbeddingModel: TokenCounting {
    /// Known once the model has been loaded, which this does.
    /// - Throws: `embedding.model_missing`, `embedding.runtime_missing`, `embedding.model_unsupported`.
    var identity: EmbeddingIdentity { get async throws }

    /// Tokens of one text that the model sees, in the count of `tokenCount`: make chunks no longer.
    var contentTokenLimit: Int { get }

    /// One vector of length 1 for each text, in their order. Questions get the model's prefix for queries and others that for passages,
    /// where it has one.
    /// - Throws: as `identity`, and `embedding.busy` when too many texts wait; `CancellationError` when the task was cancelled.
    func embed(_ texts: [String], priority: InferencePriority) async throws -> [[Float]]

    /// Whether the model could be used, without loading it.
    /// - Returns: a few words for the operator.
    /// - Throws: as `identity`.
    func checkHealth() async throws -> String

    /// Waits for what the model is doing, such as loading; to be called before the process ends.
    func close() async
}

extension EmbeddingModel {
    public func checkHealth() async throws -> String { try await identity.description }
    public func close() async {}
}
