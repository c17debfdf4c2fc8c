internal import ParleyCore

/// Writes the body of a call. What stands at the protocol's default is left out, since not every provider takes every field.
enum ChatCompletionCall {
    static func body(_ request: ChatRequest, model: String) -> JSONValue {
        let sampling = request.sampling
        var fields: [String: JSONValue] = [
            "model": .string(model), "messages": .array(request.messages.map(message)), "temperature": .double(sampling.temperature),
            "stream": true, "stream_options": ["include_usage": true],
        ]
        if sampling.topP != 1 { fields["top_p"] = .double(sampling.topP) }
        if let seed = sampling.seed { fields["seed"] = .int(Int64(bitPattern: seed)) }
        if sampling.frequencyPenalty != 0 { fields["frequency_penalty"] = .double(sampling.frequencyPenalty) }
        if sampling.presencePenalty != 0 { fields["presence_penalty"] = .double(sampling.presencePenalty) }
        if sampling.repetitionPenalty != 1 { fields["repetition_penalty"] = .double(sampling.repetitionPenalty) }
        if !request.stop.isEmpty { fields["stop"] = .array(request.stop.map(JSONValue.string)) }
        if let limit = request.maxTokens { fields["max_tokens"] = .int(Int64(limit)) }
        return .object(fields)
    }

    private static func message(_ message: ChatMessage) -> JSONValue {
        ["role": .string(message.role.rawValue), "content": .string(message.content)]
    }
}
