/// Notices when a model goes round in circles: small ones say the same sentence or the same words for ever.
struct RepetitionGuard: Sendable {
    /// Shorter sentences ("Yes.") may well come twice.
    private static let minimum = 20
    /// Words that may come back at once in a sentence, and how often at most.
    private static let longestLoop = 6
    private static let rounds = 4
    private static let window = 24

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
            words = words.suffix(Self.window) + [word]
            if Self.endsInLoop(words) { return true }
        }
        return false
    }

    /// Whether the text says the same words four times on end.
    static func isLoop(_ text: String) -> Bool {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        return words.indices.contains { endsInLoop(words[...$0].suffix(window)) }  // fits: a constant above 0
    }

    private static func endsInLoop(_ words: some BidirectionalCollection<Substring>) -> Bool {
        (1...longestLoop).contains { length in
            // The words against themselves, so many places further on.
            let same = zip(words.reversed(), words.reversed().dropFirst(length)).prefix { $0 == $1 }.count  // fits: from 1 on
            return same >= (rounds - 1) * length
        }
    }
}
