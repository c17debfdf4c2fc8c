import Accounts
import Foundation
import ParleyCore
import ParleyInference
import ParleyRemote
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyApp

/// The protocols of language models, spoken to real servers that answer by a script.
@Suite struct DialectTests {
    private func service(_ base: String, key: String? = "sk-secret") -> ChatService {
        ChatService(base: base, model: "some-model", apiKey: key.map { Secret($0) }, contextWindow: 8000)
    }

    private func collect(_ model: any ChatModel, _ request: ChatRequest) async throws -> (text: String, end: ChatChunk?) {
        var (text, end): (String, ChatChunk?) = ("", nil)
        for try await chunk in model.stream(request) {
            if case .text(let piece) = chunk { text += piece } else { end = chunk }
        }
        return (text, end)
    }

    private func withServices(_ body: (ScriptedServices, RemoteClient) async throws -> Void) async throws {
        let services = try await ScriptedServices()
        let remote = RemoteClient(telemetry: .silent())
        do { try await body(services, remote) } catch {
            await remote.close()
            await services.stop()
            throw error
        }
        await remote.close()
        await services.stop()
    }

    private let request = ChatRequest(
        [ChatMessage(.system, "Be short."), ChatMessage(.user, "When?"), ChatMessage(.assistant, "At nine."), ChatMessage(.user, "Sure?")],
        sampling: Sampling(temperature: 0.5, topP: 0.9, seed: 7), stop: ["END"], maxTokens: 50)

    @Test func anthropicMessages() async throws {
        try await withServices { services, remote in
            let model = AnthropicChatModel(service(services.base + "/anthropic/v1"), client: remote, telemetry: .silent())
            try await model.checkHealth()
            let answer = try await collect(model, request)
            #expect(answer.text == ScriptedServices.answer + " ")
            #expect(answer.end == .finished(.length, usage: ChatUsage(promptTokens: 25, completionTokens: 12)))
            let call = try #require(services.last)
            #expect(call.header("x-api-key") == "sk-secret" && call.header("anthropic-version") == "2023-06-01")
            #expect(call.header("authorization") == nil)
            #expect(call.body["system"]?.string == "Be short." && call.body["max_tokens"]?.int == 50)
            #expect(call.body["messages"]?.array?.compactMap { $0["role"]?.string } == ["user", "assistant", "user"])
            #expect(call.body["stop_sequences"] == ["END"] && call.body["stream"]?.bool == true)
            await expectFaults(model)
        }
    }

    @Test func ollamaChat() async throws {
        try await withServices { services, remote in
            let model = OllamaChatModel(service(services.base + "/ollama", key: nil), client: remote, telemetry: .silent())
            try await model.checkHealth()
            let answer = try await collect(model, request)
            #expect(answer.text == ScriptedServices.answer + " ")
            #expect(answer.end == .finished(.stop, usage: ChatUsage(promptTokens: 30, completionTokens: 9)))
            let body = try #require(services.last?.body)
            #expect(body["messages"]?.array?.first?["role"]?.string == "system")
            #expect(body["options"]?["num_ctx"]?.int == 8000 && body["options"]?["num_predict"]?.int == 50)
            #expect(body["options"]?["temperature"]?.double == 0.5 && body["options"]?["stop"] == ["END"])
            await expectFaults(model)
        }
    }

    private func expectFaults(_ model: any ChatModel) async {
        for (question, codes) in [("[fault]", [ErrorCode.modelOverloaded, .modelRejected]), ("[cut]", [.modelUnreachable])] {
            let error = await #expect(throws: ParleyError.self) { try await collect(model, ChatRequest([ChatMessage(.user, question)])) }
            #expect(error.map { codes.contains($0.code) } == true, "\(question): \(String(describing: error))")
        }
    }

    /// A whole application with several models: the first cannot be reached, the second is overloaded, the third answers.
    @Test func oneModelStandsInForAnother() async throws {
        try await withServices { services, _ in
            let folder = try TemporaryFolder()
            let list: JSONValue = [
                ["name": "busy", "dialect": "anthropic", "url": .string(services.base + "/broken/v1"), "context_window": 8000],
                [
                    "name": "claude", "dialect": "anthropic", "url": .string(services.base + "/anthropic/v1/"), "model": "claude-x",
                    "context_window": 8000, "prompt_price": 3, "completion_price": 15, "api_key_file": .string(folder.path + "/key"),
                ],
                ["name": "llama", "dialect": "ollama", "url": .string(services.base + "/ollama"), "context_window": 4096],
            ]
            try Data(list.text.utf8).write(to: URL(filePath: folder.path + "/models.json"))
            try Data("sk-from-file\n".utf8).write(to: URL(filePath: folder.path + "/key"))
            let application = try await RunningApplication(
                testSettings(
                    folder,
                    [
                        "answer-quotes-only": "false", "model-url": "http://127.0.0.1:9/v1", "model-name": "nowhere",
                        "model-list": folder.path + "/models.json", "model-order": "nowhere,busy,claude", "remote-attempts": "1",
                    ]))
            let person = try await application.admin()
            let project = try await person.project()
            try await project.add()
            let models = try await person.caller.send(.get, "/v1/models")
            #expect(models.items.compactMap { $0["name"]?.string } == ["nowhere", "busy", "claude", "llama"])

            let path = try await project.ask("When is the office open?", in: project.thread())
            _ = try await person.caller.follow(path + "/events")
            let answer = try await person.caller.send(.get, path).json
            #expect(answer["model"]?.string == "claude" && answer["state"]?.string == "complete", "\(answer.text)")
            #expect(answer["degraded"]?.array?.filter { $0["component"]?.string == "model" }.count == 2, "two were asked in vain")
            #expect(services.last?.header("x-api-key") == "sk-from-file" && services.last?.body["model"]?.string == "claude-x")

            let asked = try await person.caller.send(
                .post, project.thread() + "/messages", json: ["content": "When is the office open?", "model": "llama"])
            let second = try #require(asked.json["answer"]?["id"]?.string)
            let thread = try #require(asked.header("Location"))
            _ = try await person.caller.follow(thread + "/events")
            #expect(try await person.caller.send(.get, thread).json["model"]?.string == "llama", "\(second)")

            let usage = try await person.caller.send(.get, project.path + "/usage?by=model").items
            #expect(usage.compactMap { $0["key"]?.string } == ["claude", "llama"])
            #expect(usage.first?["cost_micros"]?.int == 255)
            try await application.stop()
        }
    }

    @Test func aWrongListOfModelsIsNamedAtTheStart() async throws {
        let folder = try TemporaryFolder()
        for (text, words) in [
            ("no json", "JSON list"), (#"[{"name":"x","dialect":"telepathy"}]"#, "dialect"),
            (#"[{"name":"x","dialect":"ollama","url":"http://h","context_window":4096,"colour":"red"}]"#, "colour"),
            (
                #"[{"name":"x","dialect":"ollama","url":"http://h","context_window":4096,"api_key_variable":"NO_SUCH_VARIABLE"}]"#,
                "NO_SUCH_VARIABLE"
            ),
        ] {
            try Data(text.utf8).write(to: URL(filePath: folder.path + "/models.json"))
            let reader = try testSettings(folder, ["model-list": folder.path + "/models.json", "model-order": "nobody"])
            let error = await #expect(throws: ParleyError.self) { _ = try await Parley(reader) }
            #expect(
                error?.code == .settingsInvalid && error?.fields.contains { $0.message.contains(words) } == true, "\(error?.fields ?? [])")
        }
    }
}
