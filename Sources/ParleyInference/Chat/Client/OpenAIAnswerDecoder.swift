internal import ParleyCore

/// Reads answers of the OpenAI protocol, in chunks or whole: contents that are null or lists of parts, thinking in fields of its own under
/// several names, chunks without choices, usage before or after the end, errors as values.
struct OpenAIAnswerDecoder: AnswerDecoder {
    private static let reasoningFields = ["reasoning_content", "reasoning", "thinking", "thoughts", "reasoning_details"]

    private(set) var ending = AnswerEnding()

    mutating func add(_ value: JSONValue) throws(ParleyError) -> [AnswerPiece] {
        if let rejection = ModelRejection(in: value, answer: "choices") { throw rejection.error }
        if let usage = Self.usage(value["usage"]) ?? Self.usage(value["x_groq"]?["usage"]) { ending.usage = usage }
        guard let choice = value["choices"]?.array?.first else { return [] }
        if let reason = choice["finish_reason"]?.string {
            if reason == "error" { throw ModelRejection(choice["error"] ?? value, status: 500).error }
            if let finish = ChatFinish(told: reason) { ending.finish = finish }
        }
        if value["object"] == "chat.completion", ending.finish == nil { ending.finish = .stop }
        guard let message = [choice["delta"], choice["message"]].compactMap({ $0 }).first(where: { $0.object?.isEmpty == false }) else {
            return ContentParts.pieces(of: choice["text"])
        }
        if message["tool_calls"]?.array?.isEmpty == false || message["function_call"]?.object != nil { ending.asksForTool = true }
        // Some services send the same thinking under two names.
        let thinking = Self.reasoningFields.lazy.map { ContentParts.pieces(of: message[$0], isReasoning: true) }.first { !$0.isEmpty } ?? []
        let content = ContentParts.pieces(of: message["content"])
        return thinking + (content.isEmpty ? ContentParts.pieces(of: message["refusal"]) : content)
    }

    private static func usage(_ value: JSONValue?) -> ChatUsage? {
        guard let prompt = value?["prompt_tokens"]?.tokenCount else { return nil }
        return ChatUsage(promptTokens: prompt, completionTokens: value?["completion_tokens"]?.tokenCount ?? 0)
    }
}
