import ParleyCore
import ParleyHTTP
import ParleyInference

/// An answer as a chat completion.
struct ChatCompletionOutput: Sendable {
    let annotations: OpenAIAnnotations
    let model: String
    let answer: MessageID
    let created: Timestamp
    let includesUsage: Bool

    /// The whole answer.
    func completion(_ message: Message) -> JSONValue {
        let marks = message.outcome.citations.map { annotations.address($0, in: message.content) }
        let choice: JSONValue = [
            "index": 0, "finish_reason": finish(message), "logprobs": nil,
            "message": [
                "role": "assistant", "content": .string(message.content), "refusal": nil, "annotations": .array(marks),
            ],
        ]
        return object("chat.completion", ["choices": [choice], "usage": Self.usage(message)])
    }

    func chunk(_ delta: JSONValue, finish: JSONValue = .null) -> JSONValue {
        object(
            "chat.completion.chunk",
            ["choices": [["index": 0, "delta": delta, "finish_reason": finish, "logprobs": nil]]])
    }

    func usageChunk(_ message: Message) -> JSONValue {
        object("chat.completion.chunk", ["choices": [], "usage": Self.usage(message)])
    }

    func finish(_ message: Message) -> JSONValue { .string(message.outcome.finish?.rawValue ?? "stop") }

    private func object(_ kind: String, _ more: [String: JSONValue]) -> JSONValue {
        let base: [String: JSONValue] = [
            "id": .string("chatcmpl-" + answer.description), "object": .string(kind), "created": .int(created.milliseconds / 1000),
            "model": .string(model),
        ]
        return .object(base.merging(more) { own, _ in own })
    }

    private static func usage(_ message: Message) -> JSONValue {
        let usage = message.outcome.usage ?? TokenUsage(promptTokens: 0, completionTokens: 0)
        return [
            "prompt_tokens": .int(Int64(usage.promptTokens)), "completion_tokens": .int(Int64(usage.completionTokens)),
            "total_tokens": .int(Int64(usage.promptTokens + usage.completionTokens)),
        ]
    }
}

/// An answer as the chunks of a streamed chat completion: `data:` lines without names, and `[DONE]` at the end.
struct ChatCompletionEncoder: AnswerEncoder {
    let output: ChatCompletionOutput
    private var text = ""
    private var isBegun = false

    init(_ output: ChatCompletionOutput) { self.output = output }

    mutating func encode(_ event: AnswerEvent) -> [ServerSentEvent] {
        switch event {
        case .text(let text):
            self.text += text
            return role() + [chunk(["content": .string(text)])]
        case .citation(let citation): return role() + [chunk(["annotations": [output.annotations.address(citation, in: text)]])]
        default: return role()
        }
    }

    mutating func end(_ message: Message) -> [ServerSentEvent] {
        var events = role() + [ServerSentEvent("", json: output.chunk([:], finish: output.finish(message)))]
        if output.includesUsage { events.append(ServerSentEvent("", json: output.usageChunk(message))) }
        return events + [ServerSentEvent(text: "[DONE]")]
    }

    mutating func fail(_ error: ParleyError) -> [ServerSentEvent] {
        [ServerSentEvent("", json: ["error": OpenAIFault(error).json])]
    }

    /// The first chunk tells who speaks.
    private mutating func role() -> [ServerSentEvent] {
        defer { isBegun = true }
        return isBegun ? [] : [chunk(["role": "assistant", "content": ""])]
    }

    private func chunk(_ delta: JSONValue) -> ServerSentEvent { ServerSentEvent("", json: output.chunk(delta)) }
}
