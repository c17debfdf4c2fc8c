import ParleyInference
import Retrieval

/// How a model is asked.
public enum PromptStyle: Sendable {
    /// Instructions, all passages that fit, and the earlier turns.
    case converse
    /// The best passage alone, to answer with a sentence from it: all that a very small model does reliably.
    case extract
}

/// Packs instructions, passages, earlier turns and the question into the model's window. The question and the
/// instructions always go in; then passages in order of rank; then earlier turns, the latest first, in what is left.
struct PromptBuilder: Sendable {
    /// Tokens the prompt may take.
    let budget: Int
    /// How much the model can be trusted with.
    let style: PromptStyle
    /// Counts as the model does, or estimates.
    let counter: any AnswerTokenCounter
    /// How the answer should be given, beside our own instructions.
    var wishes: String?

    /// Tokens each message costs beside its text.
    private static let overhead = 8

    struct Prompt: Sendable {
        let messages: [ChatMessage]
        /// How many of the passages went in, from the first.
        let passages: Int
    }

    func prompt(question: String, passages: [Passage], history: [Message]) -> Prompt {
        let instructions = wishes.map { Self.instructions + "\n\n" + $0 } ?? Self.instructions
        var left = budget - cost(instructions) - cost(question) - Self.overhead
        var blocks: [String] = []
        for passage in passages.prefix(style == .extract ? 1 : passages.count) {
            let block = style == .extract ? passage.text : Self.block(passage, number: blocks.count + 1)
            let cost = counter.tokenCount(block)
            if cost > left { break }
            left -= cost
            blocks.append(block)
        }
        if style == .extract, let text = blocks.first {
            return Prompt(messages: [ChatMessage(.user, Self.extraction + text + "\n\nQuestion: " + question)], passages: 1)
        }
        var turns: [ChatMessage] = []
        for message in history.reversed() where message.state == .complete {
            let cost = cost(message.content)
            if cost > left { break }
            left -= cost
            turns.insert(ChatMessage(message.role == .user ? .user : .assistant, message.content), at: 0)
        }
        let ask = blocks.isEmpty ? question : "Passages:\n\n" + blocks.joined(separator: "\n\n") + "\n\nQuestion: " + question
        return Prompt(
            messages: [ChatMessage(.system, instructions)] + turns + [ChatMessage(.user, ask)],
            passages: blocks.count)
    }

    private func cost(_ text: String) -> Int { counter.tokenCount(text) + Self.overhead }

    private static func block(_ passage: Passage, number: Int) -> String {
        let place = ([passage.documentName] + passage.headingPath).joined(separator: " › ")
        return "[\(number)] \(place)\n\(passage.text)"
    }

    private static let extraction = "Read this text and answer the question with a sentence from it.\n\nText:\n"

    private static let instructions = """
        You answer questions about documents. Use only the passages you are given. Answer in one to three short sentences, in the \
        language of the question. If the passages do not hold the answer, say that the documents do not answer the question.
        """
}
