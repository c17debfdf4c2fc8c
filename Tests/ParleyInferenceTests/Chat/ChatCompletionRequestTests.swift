import ParleyCore
import Testing

@testable import ParleyInference

@Suite struct ChatCompletionRequestTests {
    private func read(_ fields: [String: JSONValue]) throws -> ChatCompletionRequest {
        let messages: JSONValue = [["role": "user", "content": "Hi"]]
        return try ChatCompletionRequest(.object(fields.merging(["messages": messages]) { given, _ in given }), model: "small")
    }

    @Test func readsEveryField() throws {
        let request = try read([
            "model": "small", "temperature": 0.5, "top_p": 0.25, "seed": -1, "stop": ["a", "b"], "max_tokens": 5,
            "max_completion_tokens": 7,
            "stream": true, "stream_options": ["include_usage": true], "presence_penalty": 1, "frequency_penalty": nil, "n": 1,
            "messages": [
                ["role": "developer", "content": "Be brief."],
                ["role": "user", "content": [["type": "text", "text": "A"], ["type": "text", "text": "B"]]],
            ],
        ])
        #expect(request.chat.messages == [ChatMessage(.system, "Be brief."), ChatMessage(.user, "AB")])
        #expect(request.chat.sampling == Sampling(temperature: 0.5, topP: 0.25, seed: .max, presencePenalty: 1))
        #expect(request.chat.stop == ["a", "b"] && request.chat.maxTokens == 7)
        #expect(request.isStream && request.includesUsage)
    }

    @Test func keepsTheProtocolsDefaults() throws {
        let request = try read([:])
        #expect(request.chat.sampling == Sampling(temperature: 1))
        #expect(!request.isStream && !request.includesUsage && request.chat.maxTokens == nil)
    }

    @Test(
        arguments: [
            ("temperature", 3), ("temperature", "hot"), ("top_p", -0.1), ("seed", 1.5), ("max_tokens", 0), ("stop", 7),
            ("stop", ["a", "b", "c", "d", "e"]),
            ("stream", "yes"), ("n", 2), ("tools", [["type": "function"]]), ("response_format", ["type": "json_object"]),
            ("logprobs", true),
            ("messages", []), ("messages", "Hi"), ("model", 5),
        ] as [(String, JSONValue)])
    func refusesWhatItCannotHonour(_ name: String, _ value: JSONValue) {
        let error = #expect(throws: OpenAIError.self) { try read([name: value]) }
        #expect(error?.status == 400 && error?.parameter == name)
    }

    @Test func refusesStrangeMessagesAndModels() {
        #expect(throws: OpenAIError.self) { try read(["messages": [["role": "tool", "content": "x"]]]) }
        #expect(throws: OpenAIError.self) { try read(["messages": [["role": "user", "content": [["type": "image_url"]]]]]) }
        #expect(throws: OpenAIError.self) { try ChatCompletionRequest([], model: "small") }
        #expect(#expect(throws: OpenAIError.self) { try read(["model": "large"]) }?.status == 404)
    }
}
