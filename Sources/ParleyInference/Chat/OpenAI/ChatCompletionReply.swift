internal import ParleyCore

/// Writes one answer in the OpenAI protocol, whole or in chunks.
struct ChatCompletionReply {
    let id: String
    let model: String
    /// Seconds since 1970.
    let created: Int64

    /// The whole answer.
    func whole(_ text: String, _ finish: ChatFinish, _ usage: ChatUsage?) -> JSONValue {
        var value = head("chat.completion")
        value["choices"] = [
            [
                "index": 0, "logprobs": nil, "finish_reason": .string(finish.rawValue),
                "message": ["role": "assistant", "content": .string(text), "refusal": nil],
            ]
        ]
        value["usage"] = usage.map(Self.json) ?? .null
        return .object(value)
    }

    /// The first chunk: it names the role.
    func opening() -> JSONValue { chunk(["role": "assistant", "content": ""], nil) }

    func text(_ piece: String) -> JSONValue { chunk(["content": .string(piece)], nil) }

    /// The last chunk of the answer itself.
    func closing(_ finish: ChatFinish) -> JSONValue { chunk([:], finish) }

    /// The chunk after the last, for those who asked for it.
    func usage(_ usage: ChatUsage) -> JSONValue {
        var value = head("chat.completion.chunk")
        value["choices"] = []
        value["usage"] = Self.json(usage)
        return .object(value)
    }

    private func chunk(_ delta: JSONValue, _ finish: ChatFinish?) -> JSONValue {
        var value = head("chat.completion.chunk")
        value["choices"] = [
            ["index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish.map { .string($0.rawValue) } ?? .null]
        ]
        return .object(value)
    }

    private func head(_ kind: String) -> [String: JSONValue] {
        ["id": .string(id), "object": .string(kind), "created": .int(created), "model": .string(model)]
    }

    private static func json(_ usage: ChatUsage) -> JSONValue {
        [
            "prompt_tokens": .int(Int64(usage.promptTokens)), "completion_tokens": .int(Int64(usage.completionTokens)),
            "total_tokens": .int(Int64(usage.promptTokens + usage.completionTokens)),
        ]
    }
}
