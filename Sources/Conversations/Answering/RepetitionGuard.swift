/// Notices when a model goes round in circles: small ones say the same sentence or the same words for ever.
struct RepetitionGuard: Sendable {
    /// Shorter sentences ("Yes.") may well come twice.
    private static let minimum = 20
    /// Words that may come back at once in a sentence, and how often at most.
    private static let longestLoop = 6
    private static let rounds = 4

    private var sentences = SentenceReader()
    private var said: Set<String> = []
    /// The latest words, as many as a loop takes.
    private var words: [Substring] = []
    private var rest = ""

    /// Whether this text completes a sentence that was said before, or the same words for the fourth time.
    mutating func repeats(_ text: String) -> Bool {
        sentences.add(text).contains { $0.text.count >= Self.minimum && !said.insert($0.text.lowercased()).inserted } || loops(with: text)
    }

    private mutating func loops(with text: String) -> Bool {
        let lowered = rest + text.lowercased()
        let end = lowered.lastIndex(where: \.isWhitespace).map { lowered.index(after: $0) } ?? lowered.startIndex
        rest = String(lowered[end...])
        for word in lowered[..<end].split(whereSeparator: \.isWhitespace) {
            words = words.suffix(Self.longestLoop * Self.rounds - 1) + [word]
            if Self.endsInLoop(words) { return true }
        }
        return false
    }

    /// Whether the text says the same words four times on end.
    static func isLoop(_ text: String) -> Bool {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        return words.indices.contains { endsInLoop(Array(words[...$0].suffix(longestLoop * rounds))) }
    }

    private static func endsInLoop(_ words: [Substring]) -> Bool {
        (1...longestLoop).contains { length in
            guard words.count >= length * rounds else { return false }
            let tail = words.suffix(length * rounds)
            return zip(tail, tail.dropFirst(length)).allSatisfy(==)
        }
    }
}
