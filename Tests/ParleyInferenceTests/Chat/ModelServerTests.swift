import Foundation
import FoundationNetworking
import Logging
import ParleyCore
import ParleyRemote
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyInference

extension LanguageModelTests {
    @Suite struct ModelServerTests {
        /// Runs the server over the installed model while the body runs.
        private func withServer(bearer: Secret? = nil, _ body: (ModelEndpoint) async throws -> Void) async throws {
            let model = try InstalledModel.model.get()
            let (addresses, sink) = AsyncStream.makeStream(of: String.self)
            var configuration = ModelServer.Configuration(folder: try InstalledModel.folder, runtime: try InstalledFiles.runtime)
            configuration.bearer = bearer
            var logger = Logger(label: "model")
            logger.logLevel = .critical
            let server = ModelServer(configuration, logger: logger) { sink.yield($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.serve(model) }
                var iterator = addresses.makeAsyncIterator()
                let address = try #require(await iterator.next())
                try await body(ModelEndpoint(base: address + "/v1", bearer: bearer))
                group.cancelAll()
            }
        }

        private func withModel(
            _ endpoint: ModelEndpoint, name: String = "SmolLM2-135M-Instruct", _ body: (OpenAIChatModel) async throws -> Void
        )
            async throws
        {
            let telemetry = Telemetry.silent()
            let client = RemoteClient(telemetry: telemetry)
            let model = OpenAIChatModel(
                ChatService(base: "", model: name, contextWindow: 512), client: client, telemetry: telemetry
            ) { endpoint }
            let result: Result<Void, any Error>
            do { result = .success(try await body(model)) } catch { result = .failure(error) }
            await client.close()
            try result.get()
        }

        @Test func aStreamGivesWhatTheModelGives() async throws {
            let request = ChatRequest(
                [ChatMessage(.user, "Name three colours, é 🙂.")], sampling: Sampling(temperature: 0.8, topP: 0.9, seed: 11), stop: ["zzz"],
                maxTokens: 12)
            let direct = try await ReadAnswer(try InstalledModel.model.get().stream(request))
            try await withServer(bearer: Secret("a key of this test")) { endpoint in
                try await withModel(endpoint) { model in
                    try await model.checkHealth()
                    #expect(try await ReadAnswer(model.stream(request)) == direct)
                }
            }
        }

        @Test func errorsArriveAsTheyAre() async throws {
            try await withServer(bearer: Secret("a key of this test")) { endpoint in
                let hello = ChatRequest([ChatMessage(.user, "Hello")], maxTokens: 1)
                try await withModel(ModelEndpoint(base: endpoint.base, bearer: Secret("another"))) { model in
                    let error = await #expect(throws: ParleyError.self) { try await ReadAnswer(model.stream(hello)) }
                    #expect(error?.code == .modelKeyRefused && error?.message.contains("model.api_key") == true)
                }
                try await withModel(endpoint, name: "unknown") { model in
                    let error = await #expect(throws: ParleyError.self) { try await ReadAnswer(model.stream(hello)) }
                    #expect(error?.code == .modelNotFound && error?.message.contains("model.name") == true)
                }
                try await withModel(endpoint) { model in
                    let long = ChatRequest([ChatMessage(.user, String(repeating: "word ", count: 600))])
                    let error = await #expect(throws: ParleyError.self) { try await ReadAnswer(model.stream(long)) }
                    #expect(error?.code == .modelContextExceeded)
                }
            }
        }

        @Test func aClientThatLeavesFreesTheModel() async throws {
            try await withServer { endpoint in
                try await withModel(endpoint) { model in
                    let long = ChatRequest([ChatMessage(.user, "Tell a very long story.")], sampling: Sampling(temperature: 1, seed: 1))
                    for try await _ in model.stream(long) { break }
                    // The story takes seconds; the next question must not wait for its end.
                    let started = ContinuousClock.now
                    let answer = try await ReadAnswer(model.stream(ChatRequest([ChatMessage(.user, "Hello")], maxTokens: 1)))
                    #expect(answer.usage?.completionTokens == 1)
                    #expect(ContinuousClock.now - started < .seconds(10))
                }
            }
        }

        @Test func rawRequestsGetPlainAnswers() async throws {
            try await withServer { endpoint in
                func post(_ body: String, type: String = "application/json", to path: String = "/chat/completions") async throws -> (
                    Int, JSONValue
                ) {
                    var request = URLRequest(url: try #require(URL(string: endpoint.base + path)))
                    (request.httpMethod, request.httpBody) = ("POST", Data(body.utf8))
                    request.setValue(type, forHTTPHeaderField: "Content-Type")
                    let (data, response) = try await URLSession.shared.data(for: request)
                    return (try #require(response as? HTTPURLResponse).statusCode, try JSONValue(parsing: data))
                }
                let whole = try await post(#"{"messages":[{"role":"user","content":"Hello"}],"max_tokens":2,"temperature":0}"#)
                #expect(whole.0 == 200 && whole.1["usage"]?["completion_tokens"] == 2)
                #expect(whole.1["choices"]?.array?.first?["finish_reason"] == "length")
                #expect(try await post("{").0 == 400)
                #expect(try await post("{}").1["error"]?["param"] == "messages")
                #expect(try await post("{}", type: "text/plain").0 == 415)
                #expect(try await post("{}", to: "/models").0 == 405)
                #expect(try await post("{}", to: "/nothing").0 == 404)
                #expect(try await post(String(repeating: " ", count: 5 << 20)).0 == 413)
            }
        }

        @Test func aServerThatIsNotThereIsUnreachable() async throws {
            try await withModel(ModelEndpoint(base: "http://127.0.0.1:9/v1")) { model in
                let error = await #expect(throws: ParleyError.self) { try await ReadAnswer(model.stream(ChatRequest([]))) }
                #expect(error?.code == .modelUnreachable)
            }
        }
    }
}
