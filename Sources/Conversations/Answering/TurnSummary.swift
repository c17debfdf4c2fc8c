import ParleyInference

/// What earlier turns were about, when they no longer fit in the prompt: their questions, and the first sentence of each answer. Made of the
/// words themselves, without asking a model.
enum TurnSummary {
    private static let opening = "Earlier in this conversation:"

    /// The latest of the turns come first to the room there is; nil when not one fits.
    static func text(of history: ArraySlice<Message>, tokens: Int, counter: any AnswerTokenCounter) -> String? {
        var left = tokens - counter.tokenCount(opening)
        var lines: [String] = []
        for message in history.reversed() {
            guard let sentence = SentenceReader.sentences(of: message.content).first?.text else { continue }
            let line = (message.role == .user ? "- asked: " : "- answered: ") + sentence
            let cost = counter.tokenCount(line) + 1
            if cost > left { break }
            left -= cost
            lines.insert(line, at: 0)
        }
        return lines.isEmpty ? nil : ([opening] + lines).joined(separator: "\n")
    }
}
