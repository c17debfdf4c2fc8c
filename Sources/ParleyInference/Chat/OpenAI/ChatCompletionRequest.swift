internal import ParleyCore

/// The body of `POST /v1/chat/completions`, as far as a small local model can honour it.
/// What it cannot honour is refused, never passed over.
struct ChatCompletionRequest {
    var chat: ChatRequest
    var isStream: Bool
    var includesUsage: Bool

    /// - Parameter model: the name of the only model there is; the body may leave it out.
    /// - Throws: `OpenAIError`.
    init(_ body: JSONValue, model: String) throws(OpenAIError) {
        guard body.object != nil else { throw .invalid(nil, "The body must be a JSON object.") }
        let fields = ChatFields(body)
        try Self.checkModel(fields, model)
        try Self.refuseUnsupported(fields)
        let limit = try fields.integer("max_completion_tokens", 1...1_000_000)
        let olderLimit = try fields.integer("max_tokens", 1...1_000_000)
        chat = ChatRequest(
            try Self.messages(fields), sampling: try Self.sampling(fields), stop: try Self.stop(fields), maxTokens: limit ?? olderLimit)
        isStream = try fields.flag("stream") ?? false
        includesUsage = try ChatFields(body["stream_options"] ?? .null, in: "stream_options.").flag("include_usage") ?? false
    }

    private static func checkModel(_ fields: ChatFields, _ model: String) throws(OpenAIError) {
        guard let name = try fields.text("model"), name != model else { return }
        throw OpenAIError(
            status: 404, message: "There is no model \"\(name)\" here, only \"\(model)\".", parameter: "model", code: "model_not_found")
    }

    private static func refuseUnsupported(_ fields: ChatFields) throws(OpenAIError) {
        if let count = try fields.integer("n", 1...128), count > 1 { throw .invalid("n", "Only one answer at a time can be given.") }
        for name in ["tools", "functions"] where fields[name]?.array?.isEmpty == false {
            throw .invalid(name, "This model cannot call tools.")
        }
        if let format = fields["response_format"]?["type"]?.string, format != "text" {
            throw .invalid("response_format", "This model answers in plain text only.")
        }
        if try fields.flag("logprobs") == true { throw .invalid("logprobs", "This server does not give log probabilities.") }
        if fields["logit_bias"]?.object?.isEmpty == false { throw .invalid("logit_bias", "This server does not take a logit bias.") }
    }

    private static func sampling(_ fields: ChatFields) throws(OpenAIError) -> Sampling {
        Sampling(
            temperature: try fields.number("temperature", 0...2) ?? 1,
            topP: try fields.number("top_p", 0...1) ?? 1,
            seed: try fields.integer("seed", Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) },
            repetitionPenalty: try fields.number("repetition_penalty", 0.1...10) ?? 1,
            frequencyPenalty: try fields.number("frequency_penalty", -2...2) ?? 0,
            presencePenalty: try fields.number("presence_penalty", -2...2) ?? 0)
    }

    private static func stop(_ fields: ChatFields) throws(OpenAIError) -> [String] {
        switch fields["stop"] {
        case nil: return []
        case .string(let text): return text.isEmpty ? [] : [text]
        case .array(let values):
            let texts = values.compactMap(\.string).filter { !$0.isEmpty }
            guard texts.count == values.count, texts.count <= 4 else { break }
            return texts
        default: break
        }
        throw .invalid("stop", "\"stop\" must be a text, or a list of at most four texts that are not empty.")
    }

    private static func messages(_ fields: ChatFields) throws(OpenAIError) -> [ChatMessage] {
        guard let values = fields["messages"]?.array, !values.isEmpty else {
            throw .invalid("messages", "\"messages\" must be a list of at least one message.")
        }
        var messages: [ChatMessage] = []
        for (index, value) in values.enumerated() {
            let place = "messages[\(index)]"
            messages.append(ChatMessage(try role(value, place), try content(value, place)))
        }
        return messages
    }

    private static func role(_ message: JSONValue, _ place: String) throws(OpenAIError) -> ChatRole {
        let name = message["role"]?.string
        if name == "developer" { return .system }
        guard let role = name.flatMap(ChatRole.init) else {
            throw .invalid(place + ".role", "\"role\" must be system, developer, user or assistant.")
        }
        return role
    }

    /// A text, or a list of text parts.
    private static func content(_ message: JSONValue, _ place: String) throws(OpenAIError) -> String {
        switch message["content"] {
        case .string(let text): return text
        case .array(let parts):
            let texts = parts.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }
            guard texts.count == parts.count else { break }
            return texts.joined()
        default: break
        }
        throw .invalid(place + ".content", "\"content\" must be a text or a list of text parts; this model reads nothing else.")
    }
}

/// Reads fields that may be absent or null, with errors that name them.
private struct ChatFields {
    private let body: JSONValue
    private let prefix: String

    init(_ body: JSONValue, in prefix: String = "") { (self.body, self.prefix) = (body, prefix) }

    /// Nil when absent or null.
    subscript(name: String) -> JSONValue? {
        guard let value = body[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws(OpenAIError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw wrong(name, "a text") }
        return text
    }

    func flag(_ name: String) throws(OpenAIError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.bool else { throw wrong(name, "true or false") }
        return flag
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(OpenAIError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.int.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw wrong(
                name, range == Int.min...Int.max ? "a whole number" : "a whole number of \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ name: String, _ range: ClosedRange<Double>) throws(OpenAIError) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.double, range.contains(number) else {
            throw wrong(name, "a number of \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func wrong(_ name: String, _ allowed: String) -> OpenAIError {
        .invalid(prefix + name, "\"\(prefix)\(name)\" must be \(allowed).")
    }
}
