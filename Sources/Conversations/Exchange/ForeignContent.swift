import ParleyCore

/// What a message of an export says: a text, or parts of which some are texts, transcripts of what was spoken, pictures or calls of tools.
enum ForeignContent {
    /// The texts, one below the other; of a message without any, that there was something else.
    static func text(_ content: JSONValue?) -> String {
        if let text = content?.string { return text }
        let parts = content?.array ?? content.map { [$0] } ?? []
        let texts = parts.compactMap(text(ofPart:)).filter { text in text.contains { !$0.isWhitespace } }
        if !texts.isEmpty { return texts.joined(separator: "\n") }
        return parts.contains(where: isMedium) ? "[picture, recording or file]" : ""
    }

    private static func text(ofPart part: JSONValue) -> String? {
        if let text = part.string { return text }
        guard !thoughts.contains(kind(part)) else { return nil }
        return part["text"]?.string ?? part["text"]?["value"]?.string
    }

    private static func kind(_ part: JSONValue) -> String { part["content_type"]?.string ?? part["type"]?.string ?? "" }

    private static let thoughts: Set<String> = ["think", "thinking", "reasoning", "tool_call", "tool_use", "tool_result", "function_call"]

    private static func isMedium(_ part: JSONValue) -> Bool {
        let kind = kind(part)
        return ["image", "audio", "video", "file"].contains { kind.contains($0) }
    }
}
