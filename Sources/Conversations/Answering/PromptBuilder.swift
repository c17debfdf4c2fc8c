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
        /// Places of the passages that went in, best first.
        let passages: [Int]
        /// Tokens that nothing was found for.
        var left = 0
        /// How many earlier messages went in, and how many are in the summary alone.
        var turns = 0
        var summarised = 0
    }

    /// The part of the budget that a summary of earlier turns may take.
    private static let summaryShare = 8

    func prompt(question: String, passages: [Passage], history: [Message]) -> Prompt {
        let instructions = wishes.map { Self.instructions + "\n\n" + $0 } ?? Self.instructions
        var left = budget - cost(instructions) - cost(question) - Self.overhead
        let (blocks, used) = fitting(passages, for: question, &left)
        if style == .extract, let text = blocks.first {
            return Prompt(messages: [ChatMessage(.user, Self.extraction + text + "\n\nQuestion: " + question)], passages: used)
        }
        let whole = Self.exchanges(history)
        let fits = whole.reduce(0) { $0 + cost($1.content) } <= left
        let reserve = fits ? 0 : min(left / 4, budget / Self.summaryShare)
        left -= reserve
        let turns = latest(of: whole, &left)
        let older = whole.dropLast(turns.count)
        let summary = TurnSummary.text(of: older, tokens: reserve, counter: counter)
        let ask = blocks.isEmpty ? question : "Passages:\n\n" + blocks.joined(separator: "\n\n") + "\n\nQuestion: " + question
        let system = ([instructions] + [summary].compactMap { $0 }).joined(separator: "\n\n")
        return Prompt(
            messages: [ChatMessage(.system, system)] + turns + [ChatMessage(.user, ask)], passages: used, left: max(0, left),
            turns: turns.count,
            summarised: summary == nil ? 0 : older.count)
    }

    /// The passages that fit, best first. One that is too long is cut, to no more than half of what is left while others wait behind it.
    private func fitting(_ passages: [Passage], for question: String, _ left: inout Int) -> (blocks: [String], used: [Int]) {
        var blocks: [String] = []
        var used: [Int] = []
        let cutter = PassageCutter(question: question, counter: counter)
        for (place, passage) in passages.enumerated() where style == .converse || used.isEmpty {
            let head = style == .extract ? passage.table : Self.head(passage, number: blocks.count + 1)
            let room = left - counter.tokenCount(head)
            let isLast = style == .extract || place + 1 == passages.count
            let text = counter.tokenCount(passage.text) <= room ? passage.text : cutter.cut(passage.text, to: isLast ? room : room / 2)
            guard let text, case let block = head + text, case let cost = counter.tokenCount(block), cost <= left else { continue }
            left -= cost
            blocks.append(block)
            used.append(place)
        }
        return (blocks, used)
    }

    /// Questions with their answers. One whose answer failed or was stopped says nothing to the model, and would break the turns' order.
    private static func exchanges(_ history: [Message]) -> [Message] {
        var (whole, open): ([Message], [Message]) = ([], [])
        for message in history {
            if message.role == .user {
                open.append(message)
            } else if message.state == .complete, !message.content.allSatisfy(\.isWhitespace) {
                if !open.isEmpty || whole.last?.role == .assistant { whole += open + [message] }
                open = []
            } else {
                open = []
            }
        }
        return whole
    }

    /// The latest turns that fit, in order; a question goes with its answer or not at all.
    private func latest(of history: [Message], _ left: inout Int) -> [ChatMessage] {
        var (turns, exchange): ([ChatMessage], [ChatMessage]) = ([], [])
        for (place, message) in history.enumerated().reversed() {
            exchange.insert(ChatMessage(message.role == .user ? .user : .assistant, message.content), at: 0)
            let begins = message.role == .user && (place == 0 || history[place - 1].role != .user)
            guard begins else { continue }
            let cost = exchange.reduce(0) { $0 + self.cost($1.content) }
            if cost > left { break }
            left -= cost
            (turns, exchange) = (exchange + turns, [])
        }
        return turns
    }

    private func cost(_ text: String) -> Int { counter.tokenCount(text) + Self.overhead }

    private static func head(_ passage: Passage, number: Int) -> String {
        let place = ([passage.documentName] + passage.headingPath).joined(separator: " › ")
        return "[\(number)] \(place)\n\(passage.table)"
    }

    private static let extraction = "Read this text and answer the question with a sentence from it.\n\nText:\n"

    private static let instructions = """
        You answer questions about documents. Use only the passages you are given. Answer in one to three short sentences, in the \
        language of the question. Put the number of the passage that a sentence rests on at the sentence's end, like this: [1]. If the passages do not hold the answer, say that the documents do not answer the question.
        """
}

extension Passage {
    /// What names the columns of the rows that the passage begins with; empty where it does so itself.
    var table: String { tableHeader.map { $0 + "\n" } ?? "" }
}
