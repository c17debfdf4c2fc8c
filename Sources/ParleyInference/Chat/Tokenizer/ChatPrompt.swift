/// Writes a conversation in ChatML, the form SmolLM2 was taught. Roles and marks are tokens of their own,
/// contents are encoded as plain text, so that nothing inside a message can end its turn or open another.
struct ChatPrompt: Sendable {
    /// What SmolLM2's own template puts first when there is no system message.
    private static let defaultSystem = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"

    private let tokenizer: BytePairTokenizer
    private let start: Int64
    private let newline: [Int64]
    private let answer: [Int64]

    /// Nil when the vocabulary has no ChatML marks.
    init?(_ tokenizer: BytePairTokenizer) {
        guard let start = tokenizer.special("<|im_start|>") else { return nil }
        (self.tokenizer, self.start) = (tokenizer, start)
        newline = tokenizer.encode("\n")
        answer = [start] + tokenizer.encode("assistant\n")
    }

    /// The tokens up to where the assistant's next words stand.
    func tokens(_ messages: [ChatMessage]) -> [Int64] {
        withSystem(messages).flatMap(turn) + answer
    }

    /// False when the messages surely have more than `limit` tokens; cheap, so that no one can make us encode a novel.
    func mayFit(_ messages: [ChatMessage], in limit: Int) -> Bool {
        messages.reduce(0) { $0 + tokenizer.fewestTokens($1.content) } <= limit
    }

    private func withSystem(_ messages: [ChatMessage]) -> [ChatMessage] {
        messages.first?.role == .system ? messages : [ChatMessage(.system, Self.defaultSystem)] + messages
    }

    private func turn(_ message: ChatMessage) -> [Int64] {
        [start] + tokenizer.encode(message.role.rawValue + "\n" + message.content) + [tokenizer.endOfTurn] + newline
    }
}
