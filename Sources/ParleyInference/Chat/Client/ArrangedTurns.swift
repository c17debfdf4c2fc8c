/// A conversation in the form that every service takes: instructions once and first, then turns by person and model that take turns,
/// beginning with the person.
enum ArrangedTurns {
    /// - Parameter folding: whether the instructions go with the first question, for services without a role for them.
    static func arranged(_ messages: [ChatMessage], folding: Bool) -> [ChatMessage] {
        let instructions = messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        var turns: [ChatMessage] = []
        for message in messages where message.role != .system && !message.content.allSatisfy(\.isWhitespace) {
            if turns.isEmpty, message.role == .assistant { continue }
            if let last = turns.last, last.role == message.role {
                turns[turns.count - 1].content = last.content + "\n\n" + message.content
            } else {
                turns.append(message)
            }
        }
        guard !instructions.isEmpty else { return turns }
        guard folding, let first = turns.first else { return [ChatMessage(.system, instructions)] + turns }
        turns[0].content = instructions + "\n\n" + first.content
        return turns
    }
}
