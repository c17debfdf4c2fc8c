internal import Foundation
internal import ParleyCore

/// Reads an answer from the events of an OpenAI-compatible stream. A state machine without input or output, tolerant of what
/// providers do: null contents, chunks without choices, usage before or after the end, errors as events.
struct ChatStreamDecoder {
    private var finish: ChatFinish?
    private var usage: ChatUsage?
    /// True after `[DONE]`; what comes later is of no interest.
    private(set) var isDone = false

    /// The text of one event, if it has any.
    /// - Throws: what the provider says went wrong; `model.rejected` when it is no JSON.
    mutating func add(_ data: String) throws(ParleyError) -> String? {
        if isDone || data.isEmpty { return nil }
        if data == "[DONE]" {
            isDone = true
            return nil
        }
        guard let value = try? JSONValue(parsing: data.utf8) else { throw ModelErrors.malformed(data) }
        return try add(value)
    }

    /// The same for a parsed chunk, or for a whole answer that came in one piece.
    mutating func add(_ value: JSONValue) throws(ParleyError) -> String? {
        if let error = value["error"], error != .null { throw ModelRejection(error).error }
        if let found = Self.usage(value["usage"]) { usage = found }
        guard let choice = value["choices"]?.array?.first else { return nil }
        if let reason = choice["finish_reason"]?.string { finish = ChatFinish(rawValue: reason) ?? .stop }
        let text = (choice["delta"] ?? choice["message"])?["content"]?.string
        return text?.isEmpty == false ? text : nil
    }

    /// How the answer ended.
    /// - Throws: `model.unreachable` when the stream broke off before its end.
    func end() throws(ParleyError) -> ChatChunk {
        guard isDone || finish != nil else {
            throw ParleyError(.modelUnreachable, "The language model's answer broke off. Ask again.")
        }
        return .finished(finish ?? .stop, usage: usage)
    }

    private static func usage(_ value: JSONValue?) -> ChatUsage? {
        guard let prompt = value?["prompt_tokens"]?.tokenCount else { return nil }
        return ChatUsage(promptTokens: prompt, completionTokens: value?["completion_tokens"]?.tokenCount ?? 0)
    }
}
