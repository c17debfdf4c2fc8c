import ParleyCore
import ParleyHTTP
import ParleyInference

/// An answer as a response.
struct ResponseOutput: Sendable {
    let annotations: OpenAIAnnotations
    let model: String
    let answer: MessageID
    let created: Timestamp
    let isMarked: Bool
    var instructions: String?
    var previous: String?
    var isStored = true
    var isBackground = false
    var metadata: [String: String] = [:]

    /// A response is named after its message.
    var id: String { Self.id(of: answer) }
    static func id(of message: MessageID) -> String { "resp_" + message.description.dropFirst(MessageKind.prefix.count + 1) }
    static func message(of id: String) -> MessageID? {
        id.hasPrefix("resp_") ? MessageID(MessageKind.prefix + "_" + id.dropFirst(5)) : nil
    }
    static var unknown: ParleyError { ParleyError(.responseNotFound, "You have no response with this id.") }

    /// The response as the message now stands.
    func response(_ message: Message) -> JSONValue {
        let failure = message.outcome.failure
        let isCut = message.outcome.finish == .length
        return object(
            status: message.state == .complete && isCut ? "incomplete" : Self.status(message.state),
            output: message.state == .generating ? [] : [item(message)],
            more: [
                "usage": Self.usage(message), "incomplete_details": isCut ? ["reason": "max_output_tokens"] : nil,
                "error": failure.map { ["code": "server_error", "message": .string($0.message)] } ?? .null,
            ])
    }

    /// The response before anything of it is there.
    func begun(_ status: String = "in_progress") -> JSONValue { object(status: status, output: [], more: [:]) }

    func failed(_ error: ParleyError) -> JSONValue {
        object(status: "failed", output: [], more: ["error": ["code": "server_error", "message": .string(error.message)]])
    }

    func item(_ message: Message) -> JSONValue { item("completed", part(message)) }

    func item(_ status: String, _ part: JSONValue?) -> JSONValue {
        [
            "type": "message", "id": .string(answer.description), "status": .string(status), "role": "assistant",
            "content": part.map { [$0] } ?? [],
        ]
    }

    /// The answer's text with all that is said of it.
    func part(_ message: Message) -> JSONValue {
        let (text, places) = MarkedText.whole(message, isMarked: isMarked)
        return [
            "type": "output_text", "text": .string(text), "logprobs": [],
            "annotations": .array(message.outcome.citations.map { annotations.file($0, places) }),
            "grounding": OpenAIGrounding.whole(message, places),
        ]
    }

    /// The part before anything of it is there.
    static let emptyPart: JSONValue = ["type": "output_text", "text": "", "annotations": [], "logprobs": []]

    private func object(status: String, output: [JSONValue], more: [String: JSONValue]) -> JSONValue {
        let base: [String: JSONValue] = [
            "id": .string(id), "object": "response", "created_at": .int(created.milliseconds / 1000), "status": .string(status),
            "model": .string(model), "output": .array(output), "error": nil, "incomplete_details": nil, "usage": nil,
            "instructions": instructions.map { .string($0) } ?? .null,
            "previous_response_id": previous.map { .string($0) } ?? .null, "store": .bool(isStored), "background": .bool(isBackground),
            "metadata": .object(metadata.mapValues { .string($0) }), "parallel_tool_calls": false, "tool_choice": "none", "tools": [],
            "text": ["format": ["type": "text"]], "truncation": "disabled", "temperature": nil, "top_p": nil, "max_output_tokens": nil,
        ]
        return .object(base.merging(more) { $1 })
    }

    private static func status(_ state: MessageState) -> String {
        switch state {
        case .complete: "completed"
        case .generating: "in_progress"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }

    private static func usage(_ message: Message) -> JSONValue {
        guard message.state != .generating else { return nil }
        let usage = message.outcome.usage ?? TokenUsage(promptTokens: 0, completionTokens: 0)
        return [
            "input_tokens": .int(Int64(usage.promptTokens)), "output_tokens": .int(Int64(usage.completionTokens)),
            "total_tokens": .int(Int64(usage.promptTokens + usage.completionTokens)),
            "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0], "output_tokens_details": ["reasoning_tokens": 0],
        ]
    }
}
