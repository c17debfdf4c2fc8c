public import ParleyCore
public import ParleyRemote
public import ParleyTelemetry

/// Makes models of chat services that are named while the server runs.
public struct ChatServices: Sendable {
    private let client: RemoteClient
    private let telemetry: Telemetry
    private let configuration: ChatModelConfiguration

    public init(client: RemoteClient, telemetry: Telemetry, configuration: ChatModelConfiguration) {
        (self.client, self.telemetry, self.configuration) = (client, telemetry, configuration)
    }

    /// - Parameters:
    ///   - name: what people and requests call the model.
    ///   - base: the service's address up to its version, e.g. `http://127.0.0.1:11434` of Ollama's or `https://api.example.com/v1`.
    ///   - model: the name that the service knows it by.
    ///   - contextWindow: tokens of prompt and answer together.
    ///   - id: of the row that it is kept in.
    public func entry(
        _ name: String, _ dialect: ChatDialect, base: String, model: String, apiKey: Secret?, contextWindow: Int,
        price: TokenPrice = TokenPrice(), id: String? = nil
    ) -> ChatModels.Entry {
        var service = ChatService(base: base, model: model, apiKey: apiKey, contextWindow: contextWindow)
        (service.idleTimeout, service.thinkingTokens) = (configuration.idleTimeout, configuration.thinkingTokens)
        return ChatModels.Entry(
            name: name, dialect: dialect, model: service.model(dialect, client: client, telemetry: telemetry), price: price, origin: base,
            id: id)
    }

    /// The ports of loopback at which servers are looked for.
    public static let searchedPorts = [ModelServerSearch.ollama] + ModelServerSearch.openAI

    /// The language model servers that run on this machine.
    public func local() async -> [FoundModelServer] { await ModelServerSearch(client: client).found() }
}

extension ChatService {
    /// The model behind the service.
    func model(_ dialect: ChatDialect, client: RemoteClient, telemetry: Telemetry) -> any ChatModel {
        switch dialect {
        case .anthropic: AnthropicChatModel(self, client: client, telemetry: telemetry)
        case .ollama: OllamaChatModel(self, client: client, telemetry: telemetry)
        case .openAI, .local: OpenAIChatModel(self, client: client, telemetry: telemetry)
        }
    }
}
