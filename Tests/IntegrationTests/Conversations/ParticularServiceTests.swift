import Accounts
import Foundation
import ParleyCore
import ParleyInference
import ParleyRemote
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyApp

/// What real services for language models do that no protocol has, spoken to over HTTP by each of the clients.
@Suite struct ParticularServiceTests {
    private static let six = "The harbour opens at six."

    private struct Answer {
        var text = ""
        var reasoning = ""
        var finish: ChatFinish?
        var usage: ChatUsage?
    }

    private func withService(
        _ reply: @escaping @Sendable (ScriptedService.Call, Int) -> ScriptedService.Reply,
        _ body: (ScriptedService, RemoteClient) async throws -> Void
    ) async throws {
        let service = try await ScriptedService(reply)
        var configuration = RemoteClient.Configuration()
        configuration.attempts = 1
        let remote = RemoteClient(configuration, telemetry: .silent())
        let result: Result<Void, any Error>
        do { result = .success(try await body(service, remote)) } catch { result = .failure(error) }
        await remote.close()
        await service.stop()
        try result.get()
    }

    private func model(_ dialect: ChatDialect, _ service: ScriptedService, _ remote: RemoteClient) -> any ChatModel {
        var chat = ChatService(base: service.base, model: "m", contextWindow: 8000)
        chat.idleTimeout = .seconds(5)
        switch dialect {
        case .anthropic: return AnthropicChatModel(chat, client: remote, telemetry: .silent())
        case .ollama: return OllamaChatModel(chat, client: remote, telemetry: .silent())
        case .openAI, .local: return OpenAIChatModel(chat, client: remote, telemetry: .silent())
        }
    }

    private func ask(_ model: any ChatModel, _ request: ChatRequest = ParticularServiceTests.request) async throws -> Answer {
        var answer = Answer()
        for try await chunk in model.stream(request) {
            switch chunk {
            case .text(let text): answer.text += text
            case .reasoning(let text): answer.reasoning += text
            case .withdrawn: answer.text = ""
            case .finished(let finish, let usage): (answer.finish, answer.usage) = (finish, usage)
            }
        }
        return answer
    }

    private static let request = ChatRequest(
        [ChatMessage(.system, "Be short."), ChatMessage(.user, "When?")], sampling: Sampling(topP: 0.9, seed: 7), stop: ["END"],
        maxTokens: 50)

    @Test func aFieldThatIsRefusedIsLeftOutFromThenOn() async throws {
        try await withService { call, _ in
            for (field, words) in [
                (
                    "max_tokens",
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
                ),
                ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
                ("stream_options", "Unrecognized request argument supplied: stream_options"),
                ("stop", "Argument not supported on this model: stop"),
            ] where call.body[field] != nil {
                return .refusal(400, JSONValue.object(["error": ["message": .string(words), "type": "invalid_request_error"]]).text)
            }
            return .text("The harbour ", "opens at six.EN", "D and so on")
        } _: { service, remote in
            let model = model(.openAI, service, remote)
            #expect(try await ask(model).text == Self.six, "and the stop text is looked for here")
            #expect(service.calls().count == 5)
            #expect(try await ask(model).text == Self.six)
            #expect(service.calls().count == 6, "it is remembered")
            let body = try #require(service.calls().last?.body)
            #expect(body["max_completion_tokens"] == 50 && body["max_tokens"] == nil && body["seed"] == 7 && body["stream"] == true)
        }
    }

    @Test(arguments: [ChatDialect.openAI, .anthropic])
    func anErrorThatComesAsAnEventTeachesTheSame(_ dialect: ChatDialect) async throws {
        try await withService { call, _ in
            guard call.body["top_p"] == nil else {
                return .bytes(
                    "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"top_p: Extra inputs are not permitted\"}}\n\n")
            }
            return dialect == .openAI
                ? .text(Self.six) : .refusal(200, #"{"type":"message","content":[{"type":"text","text":"The harbour opens at six."}]}"#)
        } _: { service, remote in
            let answer = try await ask(model(dialect, service, remote))
            #expect(answer.text == Self.six)
            #expect(service.calls().count == 2)
        }
    }

    @Test func aServiceThatDoesNotStreamIsRead() async throws {
        try await withService { call, _ in
            guard call.body["stream"] == nil else {
                return .refusal(
                    400, #"{"error":{"message":"must be verified to stream this model","param":"stream","code":"unsupported_value"}}"#)
            }
            return .refusal(200, #"{"object":"chat.completion","choices":[{"message":{"content":"The harbour opens at six."}}]}"#)
        } _: { service, remote in
            let answer = try await ask(model(.openAI, service, remote))
            #expect(answer.text == Self.six)
        }
    }

    @Test func instructionsGoWithTheQuestionWhereThereIsNoRoleForThem() async throws {
        try await withService { call, _ in
            call.roles.contains("system") ? .refusal(500, #"{"error":{"message":"System role not supported"}}"#) : .text(Self.six)
        } _: { service, remote in
            let answer = try await ask(model(.openAI, service, remote))
            #expect(answer.text == Self.six)
            let last = try #require(service.calls().last)
            #expect(last.roles == ["user"] && last.question == "Be short.\n\nWhen?")
        }
    }

    @Test func aModelThatThinksGetsRoomForIt() async throws {
        try await withService { call, _ in
            (call.body["max_tokens"]?.int ?? 0) > 1000 ? .text("<think>hm", "</think>", Self.six) : .text("<think>hm", finish: "length")
        } _: { service, remote in
            let model = model(.openAI, service, remote)
            let answer = try await ask(model)
            #expect(answer.text == Self.six && answer.reasoning == "hmhm" && answer.finish == .stop)
            #expect(service.calls().map { $0.body["max_tokens"]?.int ?? 0 } == [50, 4146])
            #expect(try await ask(model).text == Self.six)
            #expect(service.calls().count == 3, "it is remembered")
            var brief = Self.request
            brief.allowsThinking = false
            #expect(try await ask(model, brief).text.isEmpty)
            #expect(service.calls().count == 4)
        }
    }

    @Test func aModelWhosePromptOpensItsThinkingIsKnownFromThenOn() async throws {
        try await withService { _, _ in
            .text("It opens at ten, ", "maybe.\n</thi", "nk>\n\n", Self.six)
        } _: { service, remote in
            let model = model(.openAI, service, remote)
            for _ in 1...2 {
                var chunks: [ChatChunk] = []
                for try await chunk in model.stream(Self.request) { chunks.append(chunk) }
                #expect(!chunks.contains(.withdrawn) && chunks.contains(.text(Self.six)))
                #expect(chunks.first == .reasoning("It opens at ten, maybe.\n"))
            }
        }
    }

    private static let openAIEnds: [String] = [
        #"data: {"choices":[{"delta":{"content":"The harbour opens at six."}}]}"# + "\n\n"
            + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":6}}"#
            + "\n\n",
        #"data: {"choices":[{"delta":{"content":"The harbour opens at six."},"finish_reason":"stop"}]}"# + "\r\n\r\n",
        ": keep-alive\n\n" + #"data: {"choices":[{"delta":{"content":"The harbour opens at six."},"finish_reason":"stop"}]}"#
            + "\n\n: keep-alive\n\n",
    ]

    @Test(arguments: openAIEnds)
    func anAnswerIsOverWhenItSaysSo(_ wire: String) async throws {
        try await withService { _, _ in
            .bytes(wire, staysOpen: true)
        } _: { service, remote in
            let start = ContinuousClock.now
            let answer = try await ask(model(.openAI, service, remote))
            #expect(answer.text == Self.six && answer.finish == .stop)
            #expect(ContinuousClock.now - start < .seconds(4), "long before the silence of 5 seconds")
        }
    }

    @Test func anthropicAnswersMayLackTheirStop() async throws {
        let wire =
            #"data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"The harbour opens at six."}}"# + "\n\n"
            + #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}"# + "\n\n"
        try await withService { _, _ in
            .bytes(wire, staysOpen: true)
        } _: { service, remote in
            let answer = try await ask(model(.anthropic, service, remote))
            #expect(answer.text == Self.six)
        }
    }

    @Test func ollamaThinksInAFieldOrInTags() async throws {
        let lines =
            #"{"message":{"thinking":"hm"},"done":false}"# + "\r\n"
            + #"{"message":{"content":"<think>hm</think>The harbour "},"done":false}"# + "\r\n"
            + #"{"message":{"content":"opens at six."},"done":true}"#
        try await withService { _, _ in
            .bytes(lines)
        } _: { service, remote in
            let answer = try await ask(model(.ollama, service, remote))
            #expect(answer.text == Self.six && answer.reasoning == "hmhm" && answer.finish == .stop)
        }
    }

    private static let refusals: [(Int, String, ErrorCode)] = [
        (401, #"{"error":{"message":"no such key"}}"#, .modelKeyRefused), (429, #"{"error":{"message":"slow down"}}"#, .modelRateLimited),
        (402, "{}", .modelQuotaUsedUp), (404, "404 page not found", .modelNotFound), (500, "{}", .modelFailed),
        (503, "{}", .modelOverloaded),
        (400, #"{"error":"the prompt is longer than the context window"}"#, .modelContextExceeded),
        (400, #"{"error":"no"}"#, .modelRejected),
        (400, #"{"error":{"message":"Unknown parameter: 'frobnicate'","param":"frobnicate"}}"#, .modelParameterRefused),
        (200, "<html>Sign in</html>", .modelAnswerInvalid),
    ]

    @Test(arguments: [ChatDialect.openAI, .anthropic, .ollama])
    func refusalsAreToldApart(_ dialect: ChatDialect) async throws {
        for (status, body, code) in Self.refusals {
            try await withService { _, _ in
                .refusal(status, body, retryAfter: status == 429 ? 17 : nil)
            } _: { service, remote in
                let error = await #expect(throws: ParleyError.self) { try await ask(model(dialect, service, remote)) }
                #expect(error?.code == code, "\(status) \(body)")
                if status == 429 { #expect(error?.retryAfter == .seconds(17)) }
            }
        }
        try await withService { _, _ in
            .text(Self.six)
        } _: { service, remote in
            await service.stop()
            let error = await #expect(throws: ParleyError.self) { try await ask(model(dialect, service, remote)) }
            #expect(error?.code == .modelUnreachable)
        }
    }

    @Test func silenceIsATimeout() async throws {
        try await withService { _, _ in
            .bytes(": keep-alive\n\n", staysOpen: true)
        } _: { service, remote in
            var chat = ChatService(base: service.base, model: "m", contextWindow: 8000)
            chat.idleTimeout = .milliseconds(300)
            let error = await #expect(throws: ParleyError.self) {
                try await ask(OpenAIChatModel(chat, client: remote, telemetry: .silent()))
            }
            #expect(error?.code == .modelTimeout)
        }
    }
}
