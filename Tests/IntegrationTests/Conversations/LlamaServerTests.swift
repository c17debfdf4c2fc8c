import Accounts
import Foundation
import ParleyCore
import ParleyRemote
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyApp
@testable import ParleyInference

/// A real server: llama.cpp's, with a small model, where `script/setup --tests` has put it.
@Suite(.enabled(if: LlamaServer.isInstalled)) struct LlamaServerTests {
    @Test(.timeLimit(.minutes(3))) func itsAnswersAndRefusalsAreUnderstood() async throws {
        let server = try await LlamaServer()
        let remote = RemoteClient(telemetry: .silent())
        let model = OpenAIChatModel(
            ChatService(base: server.url, model: "small", contextWindow: LlamaServer.window), client: remote, telemetry: .silent())
        try await model.checkHealth()
        var (text, end): (String, ChatChunk?) = ("", nil)
        let request = ChatRequest(
            [ChatMessage(.system, "Be short."), ChatMessage(.user, "Name a colour.")], sampling: Sampling(topP: 0.9, seed: 7), stop: ["\n"],
            maxTokens: 8)
        for try await chunk in model.stream(request) { if case .text(let piece) = chunk { text += piece } else { end = chunk } }
        guard case .finished(_, let usage) = end else {
            Issue.record("it did not end: \(end as Any)")
            return
        }
        #expect(!text.isEmpty && usage.map { $0.promptTokens > 10 && $0.completionTokens > 0 } == true)
        let long = ChatRequest([ChatMessage(.user, String(repeating: "word ", count: 3000))], maxTokens: 8)
        let error = await #expect(throws: ParleyError.self) { for try await _ in model.stream(long) {} }
        #expect(error?.code == .modelContextExceeded)
        try await expectFound(server, remote)
        await remote.close()
        try await expectAnswer(server)
    }

    /// By looking at its port, with its window.
    private func expectFound(_ server: LlamaServer, _ remote: RemoteClient) async throws {
        let port = try #require(URL(string: server.url)?.port)
        let found = await ModelServerSearch(client: remote).found(ollama: 1, openAI: [2, port])
        #expect(found.count == 1 && found.first?.url == server.url && found.first?.dialect == .openAI, "\(found)")
        #expect(found.first?.models.isEmpty == false, "\(found)")
    }

    /// A question to a whole application beside it.
    private func expectAnswer(_ server: LlamaServer) async throws {
        let settings = [
            "answer-quotes-only": "false", "model-url": server.url, "model-name": "small", "model-context-window": "\(LlamaServer.window)",
            "answer-prompt-tokens": "300", "answer-max-tokens": "24",
        ]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await application.admin().project()
        try await project.add()
        let path = try await project.ask("When is the office open?", in: project.thread())
        _ = try await project.caller.follow(path + "/events")
        let message = try await project.caller.send(.get, path).json
        #expect(message["state"] == "complete" && message["model"]?.string == "small", "\(message.text)")
        #expect(message["degraded"]?.array?.contains { $0["component"] == "model" } == false, "\(message.text)")
        #expect(message["content"]?.string?.isEmpty == false, "\(message.text)")
        try await application.stop()
    }
}

/// llama.cpp's server as a process of its own, on a free port.
private struct LlamaServer {
    static let window = 1024
    /// For the setting `model.url`.
    let url: String
    private let process: ServerProcess

    static var isInstalled: Bool { (try? InstalledFiles.path("llama/model.gguf")) != nil }

    init() async throws {
        let folder = try InstalledFiles.path("llama")
        let script = InstalledFiles.repository.appending(path: "Tests/Clients/llama_server.py").path
        process = try ServerProcess(
            URL(filePath: "/usr/bin/env"),
            ["PYTHONPATH=" + folder, InstalledFiles.path("python/bin/python"), "-B", script, folder + "/model.gguf", "\(Self.window)"])
        url = try await process.listening().absoluteString + "/v1"
    }
}
