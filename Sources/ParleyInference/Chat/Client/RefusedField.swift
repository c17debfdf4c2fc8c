internal import ParleyCore

/// Which field of a request a service refused.
enum RefusedField {
    /// What an answer can do without, the most expendable first. Of several that are named, the first goes: `stream_options` where it is
    /// told that it needs `stream`, `top_p` where it cannot be had with `temperature`.
    private static let expendable = [
        "stream_options", "repetition_penalty", "repeat_penalty", "frequency_penalty", "presence_penalty", "seed", "num_ctx", "top_p",
        "stop",
        "stop_sequences", "temperature", "num_predict", "max_completion_tokens", "max_tokens", "stream",
    ]
    /// Words of everyday English, which name a field only in quotes.
    private static let everyday: Set<String> = ["stop", "stream", "seed"]

    private static let synonyms = [
        "stream": ["streaming is not", "support streaming", "streaming not"], "stop": ["stop sequence", "stop word"],
        "stop_sequences": ["stop sequence"],
    ]

    private static let codes: Set<String> = [
        "unsupported_parameter", "unsupported_value", "unknown_parameter", "invalid_parameter", "extra_forbidden", "invalid_value",
        "parameter_unknown", "unrecognized_parameter",
    ]
    private static let phrases = [
        "unsupported", "not support", "unrecognized", "unrecognised", "unknown", "unexpected", "extra input", "extra field",
        "not permitted",
        "not allowed", "only allowed", "cannot be", "can not be", "cannot both", "only the default", "may only", "must be", "should be",
        "deprecated",
        "invalid", "not available", "too large", "cannot find field", "not a valid", "forbidden", "is not enabled", "maximum allowed",
        "at most", "exceeds",
    ]
    private static let subjects = ["parameter", "argument", "field", "property", "extra input", "unexpected key", "keyword"]

    /// Whether it is a field that is refused.
    static func isMeant(_ rejection: ModelRejection) -> Bool {
        guard rejection.status.map({ [400, 404, 422, 500, 501].contains($0) }) ?? true else { return false }
        if !codes.isDisjoint(with: rejection.names) { return true }
        return phrases.contains { rejection.words.contains($0) }
            && (rejection.parameter != nil || subjects.contains { rejection.words.contains($0) }
                || named(rejection, among: expendable) != nil)
    }

    /// Whether a refusal says nothing at all, which a service may do that looks at fields strictly.
    static func isMute(_ rejection: ModelRejection) -> Bool {
        guard rejection.status == 400 || rejection.status == 422 else { return false }
        let said = rejection.description.lowercased().filter { $0.isLetter || $0 == " " }
        return ["", "bad request", "invalid request", "validation error", "unprocessable entity", "unprocessable content"].contains(said)
    }

    /// The refused one among these; nil where none is named.
    static func named(_ rejection: ModelRejection, among sent: some Sequence<String>) -> String? {
        let sent = Set(sent)
        if let told = rejection.parameter.map(plain), let field = sent.first(where: { plain($0) == told }) { return field }
        guard phrases.contains(where: { rejection.words.contains($0) }) else { return nil }
        return expendable.first { sent.contains($0) && mentions(rejection.words, $0) }
    }

    /// Fields that may go when one is refused and none is named.
    static func optional(among sent: some Sequence<String>) -> [String] {
        sent.filter { expendable.contains($0) && $0 != "stream" && $0 != "max_tokens" && $0 != "max_completion_tokens" }
    }

    /// Whether a field is named by a whole word, in snake case, camel case or plain words.
    private static func mentions(_ words: String, _ field: String) -> Bool {
        if let other = synonyms[field], other.contains(where: words.contains) { return true }
        for name in Set([field, plain(field), field.replacing("_", with: " ")]) {
            for range in words.ranges(of: name) {
                let before = range.lowerBound > words.startIndex ? words[words.index(before: range.lowerBound)] : " "
                let after = range.upperBound < words.endIndex ? words[range.upperBound] : " "
                let isQuoted = "'\"`‘“".contains(before) && "'\"`’”".contains(after) || before == ":" || after == ":"
                guard !isPart(before), !isPart(after) else { continue }
                if !everyday.contains(field) || isQuoted || words.contains(": \(field)") { return true }
            }
        }
        return false
    }

    private static func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

    private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }
}

extension ModelRejection {
    var refusesParameter: Bool { RefusedField.isMeant(self) }
}
