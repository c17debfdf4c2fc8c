import ParleyCore
import ParleyRemote

/// Looks for language model servers at the ports that they use on loopback, and tells them by what they answer. Only the lists of models
/// are asked for.
struct ModelServerSearch: Sendable {
    private static let patience = Duration.seconds(1)
    private static let longestAnswer = ByteSize.mib(1)
    /// Models of a server that are told.
    private static let most = 100
    private static let windows = 256...10_000_000

    /// Ollama's port, and those of servers that speak OpenAI's protocol: LM Studio, llama.cpp, vLLM, and others' habits.
    static let ollama = 11434
    static let openAI = [1234, 8080, 8081, 8000, 8001, 5000, 1337]

    private let client: RemoteClient

    init(client: RemoteClient) { self.client = client }

    /// In the order of the ports above.
    func found(ollama: Int = Self.ollama, openAI: [Int] = Self.openAI) async -> [FoundModelServer] {
        await withTaskGroup(of: (Int, FoundModelServer?).self) { group in
            group.addTask { (0, await ollamaServer("http://127.0.0.1:\(ollama)")) }
            for (place, port) in openAI.enumerated() {
                group.addTask { (place + 1, await openAIServer("http://127.0.0.1:\(port)")) }
            }
            var found: [(Int, FoundModelServer)] = []
            for await (place, server) in group { if let server { found.append((place, server)) } }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func ollamaServer(_ root: String) async -> FoundModelServer? {
        guard let models = await json(root + "/api/tags")?["models"]?.array else { return nil }
        let names = models.prefix(Self.most).compactMap { $0["name"]?.string }.filter(Self.writes)
        return FoundModelServer(
            program: .ollama, url: root, dialect: .ollama, models: names.map { .init(name: $0, contextWindow: nil) })
    }

    private func openAIServer(_ root: String) async -> FoundModelServer? {
        guard let list = await json(root + "/v1/models"), let models = list["data"]?.array else { return nil }
        let program = Self.program(models)
        let window = program == .llamaCPP ? Self.window(await json(root + "/props")?["default_generation_settings"]?["n_ctx"]) : nil
        let known: [FoundModelServer.Model] = models.prefix(Self.most).compactMap { model in
            guard let name = model["id"]?.string, !name.isEmpty, name.count <= 200, Self.writes(name) else { return nil }
            return .init(
                name: name, contextWindow: window ?? Self.window(model["max_model_len"]) ?? Self.window(model["max_context_length"]))
        }
        return FoundModelServer(program: program, url: root + "/v1", dialect: .openAI, models: known)
    }

    private static func program(_ models: [JSONValue]) -> FoundModelServer.Program {
        switch models.first?["owned_by"]?.string {
        case "llamacpp": .llamaCPP
        case "vllm": .vLLM
        case "organization_owner", "lmstudio-community": .lmStudio
        default: .other
        }
    }

    private static func window(_ value: JSONValue?) -> Int? {
        value?.int.flatMap { Int(exactly: $0) }.flatMap { windows.contains($0) ? $0 : nil }
    }

    /// Models that embed write nothing.
    private static func writes(_ name: String) -> Bool { !name.lowercased().contains("embed") }

    private func json(_ url: String) async -> JSONValue? {
        await client.probe(url, within: Self.patience, limit: Self.longestAnswer).flatMap { try? JSONValue(parsing: $0) }
    }
}
