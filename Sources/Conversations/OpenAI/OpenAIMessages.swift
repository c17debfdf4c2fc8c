import ParleyCore

/// One message of a request, in the forms that chat completions and responses have for it.
struct OpenAIMessage: Sendable {
    let role: String
    let text: String

    /// - Parameter pointer: where it stands in the body.
    /// - Throws: `input.invalid` for what is no text, such as a picture.
    init(_ json: JSONValue, _ pointer: String) throws {
        guard let role = json["role"]?.string else { throw Self.invalid(pointer + "/role", "is required") }
        self.role = role
        text = try Self.text(json["content"] ?? .null, pointer + "/content")
    }

    private static func text(_ content: JSONValue, _ pointer: String) throws -> String {
        if let text = content.string { return text }
        if content == .null { return "" }
        guard let parts = content.array else { throw invalid(pointer, "must be text, or a list of parts") }
        return try parts.enumerated().map { index, part in
            guard let text = part["text"]?.string ?? part["refusal"]?.string else {
                throw invalid("\(pointer)/\(index)", "must be a part of text: this server reads no other")
            }
            return text
        }.joined(separator: "\n")
    }

    private static func invalid(_ pointer: String, _ message: String) -> ParleyError {
        ParleyError(.invalidInput, "A message cannot be read.", fields: [FieldError(pointer, message)])
    }
}

/// A conversation as a foreign client sends it: what was said, what is asked now, and how it should be answered.
struct OpenAIConversation: Sendable {
    let turns: [ForeignTurn]
    let question: String
    /// The texts of system and developer messages.
    let instructions: [String]

    /// - Throws: `input.invalid` when no question stands at the end.
    init(_ messages: [OpenAIMessage], pointer: String) throws {
        instructions = messages.filter { ["system", "developer"].contains($0.role) && !$0.text.isEmpty }.map(\.text)
        let spoken = messages.filter { ["user", "assistant"].contains($0.role) && !$0.text.isEmpty }
        guard let last = spoken.last, last.role == "user", last.text.unicodeScalars.count <= Self.longestQuestion else {
            throw ParleyError(
                .invalidInput, "There is no question to answer.",
                fields: [FieldError(pointer, "must end with a message of the user, of at most \(Self.longestQuestion) characters")])
        }
        question = last.text
        turns = spoken.dropLast().suffix(Self.mostTurns).map(Self.turn)
    }

    /// An answer of ours comes back without our marks.
    private static func turn(_ message: OpenAIMessage) -> ForeignTurn {
        message.role == "user"
            ? ForeignTurn(role: .user, text: message.text)
            : ForeignTurn(role: .assistant, text: MarkedText.marks.values.reduce(message.text) { $0.replacing($1, with: "") })
    }

    private static let longestQuestion = 20_000
    /// Earlier ones would not fit into any prompt.
    private static let mostTurns = 40
}

/// Fields that chat completions and responses share in meaning.
enum OpenAIField {
    /// One text or a list of texts.
    static func texts(_ json: JSONValue?, _ pointer: String) throws -> [String] {
        guard let json, json != .null else { return [] }
        if let text = json.string { return [text] }
        guard let list = json.array, list.count <= 16 else { throw invalid(pointer, "must be a text or a list of at most 16 texts") }
        return try list.enumerated().map { index, item in
            guard let text = item.string else { throw invalid("\(pointer)/\(index)", "must be text") }
            return text
        }
    }

    /// `PROJECT`, or `PROJECT:MODEL` to choose the language model as well.
    static func model(_ text: String) -> (project: String, model: String?) {
        guard text.hasPrefix("prj_"), let colon = text.firstIndex(of: ":") else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func invalid(_ pointer: String, _ message: String) -> ParleyError {
        ParleyError(.invalidInput, "The input is not valid.", fields: [FieldError(pointer, message)])
    }
}
