import Foundation
import ParleyCore
import ParleyInference
import ParleyRemote
import ParleyTelemetry

/// Which language model answers, and where it is.
struct ModelSettings: Sendable {
    static let url = Setting<URL?>(
        "model.url", default: nil, .optional(.schemes("http", "https")),
        "Base URL of an OpenAI-compatible chat service, e.g. `https://host/v1`; left out, the packaged model in a child process.")
    static let name = Setting(
        "model.name", default: "SmolLM2-135M-Instruct", "The chat model's name; `none` to answer by quoting passages alone.")
    static let apiKey = Setting<Secret?>("model.api_key", default: nil, "Bearer token for `model.url`.")
    static let folder = Setting(
        "model.folder", default: LocalPath(".parley/models/SmolLM2-135M-Instruct"), "Folder of the packaged model, as set-up installs it.")
    static let window = Setting("model.context_tokens", default: 2048, .range(256...2_000_000), "The chat model's window, in tokens.")
    static let settings: [any SettingDeclaration] = [url, name, apiKey, folder, window]

    private let url: URL?
    private let name: String
    private let apiKey: Secret?
    private let folder: String
    private let window: Int
    private let runtime: String

    init(_ settings: SettingsReader) {
        (url, name, apiKey) = (settings[Self.url], settings[Self.name], settings[Self.apiKey])
        (folder, window) = (settings[Self.folder].installed, settings[Self.window])
        runtime = OpenVINORuntime.Configuration(settings).directory
    }

    /// The model, and the keeper of its child process when it is the packaged one. Both nil when answers quote passages.
    func model(client: RemoteClient, telemetry: Telemetry) -> (model: (any ChatModel)?, supervisor: ModelSupervisor?) {
        if name == "none" { return (nil, nil) }
        let configuration = OpenAIChatModel.Configuration(name: name, contextWindow: window)
        if let url {
            let endpoint = ModelEndpoint(base: url.absoluteString, bearer: apiKey)
            return (OpenAIChatModel(configuration, client: client, telemetry: telemetry) { endpoint }, nil)
        }
        let supervisor = ModelSupervisor(child, logger: telemetry.logger("model"))
        let model = OpenAIChatModel(
            configuration, client: client, telemetry: telemetry, tokenCounter: InstalledTokenCounter(folder: folder)
        ) { try await supervisor.endpoint() }
        return (model, supervisor)
    }

    /// This binary once more, as the packaged model's server.
    private var child: ModelSupervisor.Configuration {
        var configuration = ModelSupervisor.Configuration(
            executable: Bundle.main.executablePath ?? CommandLine.arguments[0],
            arguments: ["model", "--port", "0", "--exit-with-stdin", "--model", folder, "--runtime", runtime])
        configuration.modelFolder = folder
        configuration.runtimeFolder = runtime
        configuration.warm = true
        return configuration
    }
}
