public import Foundation
public import ParleyCore
public import ParleyRemote

/// Which embedding model to use and where it is.
public struct EmbeddingConfiguration: Sendable {
    public static let model = Setting(
        "embedding.model", default: ".parley/models/all-MiniLM-L6-v2", .notEmpty,
        "Folder of a sentence model (ONNX, WordPiece vocabulary), or the model's name at embedding.url.")
    public static let url = Setting<URL?>(
        "embedding.url", default: nil, .optional(.schemes("http", "https")),
        "Address of an OpenAI-compatible service to embed with, e.g. https://api.example.com/v1; without it, embedding.model runs here.")
    public static let apiKey = Setting<Secret?>("embedding.api_key", default: nil, "Key for embedding.url.")
    public static let maxTokens = Setting(
        "embedding.max_tokens", default: 512, .range(16...8192), "Longest text, in tokens, that the model at embedding.url sees.")
    public static let threads = Setting(
        "embedding.threads", default: 0, .range(0...256),
        "Texts that the model in this process embeds at a time, each on a processor thread of its own; 0 takes all cores, at most 4.")
    public static let waitingLimit = Setting(
        "embedding.waiting_limit", default: 4096, .range(1...1_000_000),
        "Texts that may wait for the model in this process, questions and documents apart; beyond it requests are refused.")
    public static let settings: [any SettingDeclaration] = [model, url, apiKey, maxTokens, threads, waitingLimit]

    private let model: String
    private let url: URL?
    private let apiKey: Secret?
    private let maxTokens: Int
    private let threads: Int
    private let waitingLimit: Int

    public init(_ settings: SettingsReader) {
        (model, url, apiKey) = (settings[Self.model], settings[Self.url], settings[Self.apiKey])
        (maxTokens, threads, waitingLimit) = (settings[Self.maxTokens], settings[Self.threads], settings[Self.waitingLimit])
    }

    /// The model that the settings name. Nothing is loaded or called yet.
    /// - Parameter runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    public func embeddingModel(runtime: String, client: RemoteClient) -> any EmbeddingModel {
        if let url { return RemoteEmbeddingModel(url: url, model: model, apiKey: apiKey, maxTokens: maxTokens, client: client) }
        return OpenVINOEmbeddingModel(
            folder: LocalPath(model).installed, runtime: runtime, threads: threads, waitingLimit: waitingLimit)
    }
}
