internal import ParleyCore

/// Reads an answer from the JSON values of one protocol. A state machine without input or output, tolerant of what services do.
protocol AnswerDecoder: Sendable {
    init()

    /// How the answer ended, as far as that was told.
    var ending: AnswerEnding { get }

    /// The pieces of one value.
    /// - Throws: what the service says went wrong.
    mutating func add(_ value: JSONValue) throws(ParleyError) -> [AnswerPiece]
}

enum AnswerPiece: Hashable, Sendable {
    case text(String)
    case reasoning(String)
}

/// How an answer ended, and what it took.
struct AnswerEnding: Hashable, Sendable {
    var finish: ChatFinish?
    var usage: ChatUsage?
    var asksForTool = false
    /// The service says that nothing more comes.
    var isDone = false
}

extension ChatFinish {
    /// What services call the end of an answer; nil for what is none, as some send with every piece.
    init?(told reason: String) {
        let reason = reason.lowercased()
        func speaks(of words: String...) -> Bool { words.contains { reason.contains($0) } }
        if reason.isEmpty || reason == "null" || reason == "none" { return nil }
        if speaks(of: "length", "max_tokens", "max_output", "token_limit", "context_window") {
            self = .length
        } else if speaks(of: "filter", "safety", "refus", "blocklist", "prohibited", "recitation", "sensitive") {
            self = .filtered
        } else if speaks(of: "tool", "function_call") {
            self = .toolCalls
        } else {
            self = .stop
        }
    }
}

/// A message's content in the forms that there are: a text, a list of parts, one part, parts within parts.
enum ContentParts {
    private static let deepest = 8

    static func pieces(of content: JSONValue?, isReasoning: Bool = false, depth: Int = 0) -> [AnswerPiece] {
        guard let content, depth < deepest else { return [] }
        switch content {
        case .string(let text): return text.isEmpty ? [] : [isReasoning ? .reasoning(text) : .text(text)]
        case .array(let parts): return parts.flatMap { pieces(of: $0, isReasoning: isReasoning, depth: depth + 1) }
        case .object(let part):
            let kind = part["type"]?.string ?? ""
            let thinks = isReasoning || ["thinking", "reasoning", "thought"].contains { kind.contains($0) }
            let inner = ["text", "thinking", "reasoning", "refusal", "summary", "content", "value"].lazy.compactMap { part[$0] }.first {
                $0 != .null
            }
            return pieces(of: inner, isReasoning: thinks, depth: depth + 1)
        default: return []
        }
    }
}
