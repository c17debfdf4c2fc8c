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
    let isMarked: Bool

    /// The whole answer.
    func completion(_ message: Message) -> JSONValue {
        let (text, places) = MarkedText.whole(message, isMarked: isMarked)
        let marks = message.outcome.citations.map { annotations.address($0, in: message.content, places) }
        let choice: JSONValue = [
            "index": 0, "finish_reason": finish(message), "logprobs": nil,
            "message": [
                "role": "assistant", "content": .string(text), "refusal": nil, "annotations": .array(marks),
                "grounding": OpenAIGrounding.whole(message, places),
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
    private var marked: MarkedText
    /// What stands behind the text that is held back.
    private var later: [ServerSentEvent] = []
    private var isBegun = false

    init(_ output: ChatCompletionOutput) {
        self.output = output
        marked = MarkedText(isMarked: output.isMarked)
    }

    mutating func encode(_ event: AnswerEvent) -> [ServerSentEvent] {
        switch event {
        case .text(let text):
            self.text += text
            return role() + release(marked.add(text))
        case .citation(let citation):
            later.append(chunk(["annotations": [output.annotations.address(citation, in: text, marked)]]))
        case .sentence(let check):
            marked.add(check)
            later.append(chunk(["grounding": ["sentences": [OpenAIGrounding.sentence(check, marked)]]]))
        default: break
        }
        return role()
    }

    mutating func end(_ message: Message) -> [ServerSentEvent] {
        var events = role() + release(marked.finish())
        events.append(chunk(["grounding": .object(OpenAIGrounding.manner(message.outcome.grounding))]))
        events.append(ServerSentEvent("", json: output.chunk([:], finish: output.finish(message))))
        if output.includesUsage { events.append(ServerSentEvent("", json: output.usageChunk(message))) }
        return events + [ServerSentEvent(text: "[DONE]")]
    }

    mutating func fail(_ error: ParleyError) -> [ServerSentEvent] {
        [ServerSentEvent("", json: ["error": OpenAIFault(error).json])]
    }

    private mutating func release(_ text: String) -> [ServerSentEvent] {
        defer { later = [] }
        return (text.isEmpty ? [] : [chunk(["content": .string(text)])]) + later
    }

    /// The first chunk tells who speaks.
    private mutating func role() -> [ServerSentEvent] {
        defer { isBegun = true }
        return isBegun ? [] : [chunk(["role": "assistant", "content": ""])]
    }

    private func chunk(_ delta: JSONValue) -> ServerSentEvent { ServerSentEvent("", json: output.chunk(delta)) }
}
