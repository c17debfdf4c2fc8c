public import Foundation
public import Logging
public import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// Which language model to ask, and where it is.
public struct ChatModelConfiguration: Sendable {
    public static let url = Setting<URL?>(
        "model.url", default: nil, .optional(.schemes("http", "https")),
        "Address of an OpenAI-compatible chat service up to its version, e.g. https://api.example.com/v1; without it, the model of model.folder runs here, if one is named."
    )
    public static let name = Setting("model.name", default: "", "Name of the model at model.url.")
    public static let apiKey = Setting<Secret?>("model.api_key", default: nil, "Key for model.url.")
    public static let contextWindow = Setting(
        "model.context_window", default: 2048, .range(256...2_000_000),
        "Tokens of prompt and answer together; what the model at model.url can take, or what the local one shall (at most 8192).")
    public static let folder = Setting<LocalPath?>(
        "model.folder", default: nil,
        "Folder of a local model, as script/setup --language-model makes it; without any model, answers quote the documents.")
    public static let threads = Setting(
        "model.threads", default: 0, .range(0...256), "Processor threads of the local model; 0 takes all cores, at most 4.")
    public static let waitingLimit = Setting(
        "model.waiting_limit", default: 16, .range(0...10_000), "Questions that may wait for the local model; beyond it they are refused.")
    public static let warm = Setting("model.warm", default: false, "Start the local model at boot instead of at the first question.")
    public static let idleTimeout = Setting(
        "model.idle_timeout", default: Duration.seconds(120), .atLeast(.seconds(1)), "Longest silence of the model during an answer.")
    public static let thinkingTokens = Setting(
        "model.thinking_tokens", default: 4096, .range(0...1_000_000),
        "Tokens that a model which thinks before it answers may take for that beside the answer's, as far as its window has them.")
    public static let cache = Setting(
        "model.cache", default: true, "Keep the compiled local model (140 MB) in its folder, so that it loads four times as fast.")
    public static let list = Setting<LocalPath?>(
        "model.list", default: nil,
        "JSON file of further language models: name, dialect (openai, anthropic, ollama), url, model, context_window, keys and prices.")
    public static let order = Setting<[String]>(
        "model.order", default: [],
        "Names of the models in the order in which they stand in for each other; without it, the model above and then those of model.list.")
    public static let promptPrice = Setting(
        "model.prompt_price", default: 0.0, .atLeast(0), "What a million tokens read by the model cost.")
    public static let completionPrice = Setting(
        "model.completion_price", default: 0.0, .atLeast(0), "What a million tokens written by the model cost.")
    public static let settings: [any SettingDeclaration] = [
        url, name, apiKey, contextWindow, folder, threads, waitingLimit, warm, idleTimeout, thinkingTokens, cache, list, order, promptPrice,
        completionPrice,
    ]

    public let url: URL?
    public let name: String
    public let apiKey: Secret?
    public let contextWindow: Int
    /// Absolute path of the local model's folder; nil when none is named.
    public let folder: String?
    public let threads: Int
    public let waitingLimit: Int
    public let warm: Bool
    public let idleTimeout: Duration
    public let thinkingTokens: Int
    public let cache: Bool
    /// The names of the models that stand in for each other; empty for all of them.
    public let order: [String]
    let price: TokenPrice
    let others: [ModelListFile.Entry]

    public init(_ settings: SettingsReader) {
        (url, name, apiKey) = (settings[Self.url], settings[Self.name], settings[Self.apiKey])
        (contextWindow, folder) = (settings[Self.contextWindow], settings[Self.folder]?.installed)
        (threads, waitingLimit) = (settings[Self.threads], settings[Self.waitingLimit])
        (warm, idleTimeout, cache) = (settings[Self.warm], settings[Self.idleTimeout], settings[Self.cache])
        (thinkingTokens, order) = (settings[Self.thinkingTokens], settings[Self.order])
        price = TokenPrice(prompt: settings[Self.promptPrice], completion: settings[Self.completionPrice])
        others = Self.read(settings, idleTimeout, thinkingTokens)
        let main = url == nil ? folder.map(LanguageModelFolder.name) : name
        let names = others.map(\.name) + [main].compactMap { $0 }
        if let unknown = order.first(where: { !names.contains($0) }) {
            let known = names.isEmpty ? "none" : names.joined(separator: ", ")
            settings.reject(Self.order, "names of configured models, not \(unknown); there is \(known)")
        }
        if let main, others.contains(where: { $0.name == main }) {
            settings.reject(Self.list, "without the name \(main), which the model of model.url or model.folder has")
        }
        if url != nil, name.isEmpty { settings.reject(Self.name, "must be given with model.url") }
        if url == nil, contextWindow > 8192 { settings.reject(Self.contextWindow, "at most 8192 for the local model") }
    }

    private static func read(_ settings: SettingsReader, _ idleTimeout: Duration, _ thinkingTokens: Int) -> [ModelListFile.Entry] {
        guard let path = settings[list]?.absolute else { return [] }
        do { return try ModelListFile(path: path, idleTimeout: idleTimeout, thinkingTokens: thinkingTokens).entries } catch {
            settings.reject(list, (error as? ModelListFile.Mistake)?.text ?? "a file that can be read")
            return []
        }
    }

    /// What the local model's server needs; nil when there is none. A folder that cannot be written to gets no cache.
    /// - Parameter runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    public func server(runtime: String) -> ModelServer.Configuration? {
        guard url == nil, let folder else { return nil }
        var server = ModelServer.Configuration(folder: folder, runtime: runtime)
        server.options.contextWindow = contextWindow
        server.options.threads = threads
        server.options.waitingLimit = waitingLimit
        if cache, FileManager.default.isWritableFile(atPath: folder) { server.options.cacheFolder = folder + "/cache" }
        return server
    }

    /// The supervisor of the local model; nil when the settings name a remote one, or none.
    /// - Parameters:
    ///   - executable: our own program.
    ///   - arguments: that make it serve the model on a free port until its standard input ends.
    public func supervisor(executable: String, arguments: [String], runtime: String, logger: Logger) -> ModelSupervisor? {
        guard url == nil, let folder else { return nil }
        var configuration = ModelSupervisor.Configuration(executable: executable, arguments: arguments)
        (configuration.modelFolder, configuration.runtimeFolder, configuration.warm) = (folder, runtime, warm)
        return ModelSupervisor(configuration, logger: logger)
    }

    /// All models that the settings name.
    public func chatModels(supervisor: ModelSupervisor?, client: RemoteClient, telemetry: Telemetry) -> ChatModels {
        let further = others.map { entry in
            ChatModels.Entry(
                name: entry.name, dialect: entry.dialect, model: entry.service.model(entry.dialect, client: client, telemetry: telemetry),
                price: entry.price,
                origin: entry.service.base)
        }
        return ChatModels(main(supervisor, client, telemetry) + further, order: order)
    }

    /// The remote model that the settings name, or the local one that `supervisor` keeps running, or none.
    private func main(_ supervisor: ModelSupervisor?, _ client: RemoteClient, _ telemetry: Telemetry) -> [ChatModels.Entry] {
        func service(_ base: String, _ name: String, _ key: Secret?, mayThink: Bool) -> ChatService {
            var service = ChatService(base: base, model: name, apiKey: key, contextWindow: contextWindow)
            (service.idleTimeout, service.thinkingTokens, service.mayThink) = (idleTimeout, thinkingTokens, mayThink)
            return service
        }
        if let url {
            var base = url.absoluteString
            while base.hasSuffix("/") { base.removeLast() }
            let chat = OpenAIChatModel(service(base, name, apiKey, mayThink: true), client: client, telemetry: telemetry)
            return [ChatModels.Entry(name: name, dialect: .openAI, model: chat, price: price, origin: url.absoluteString)]
        }
        guard let folder, let supervisor else { return [] }
        let chat = OpenAIChatModel(
            service("", LanguageModelFolder.name(folder), nil, mayThink: false), client: client, telemetry: telemetry,
            tokenCounter: InstalledTokenCounter(folder: folder)
        ) { try await supervisor.endpoint() }
        return [
            ChatModels.Entry(
                name: chat.descriptor.name, dialect: .local, model: chat, price: price, origin: LanguageModelFolder.fingerprint(folder))
        ]
    }
}
