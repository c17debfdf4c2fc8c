/// Notices when a model goes round in circles: small ones say the same sentence for ever.
struct RepetitionGuard: Sendable {
    /// Shorter sentences ("Yes.") may well come twice.
    private static let minimum = 20

    private var sentences = SentenceReader()
    private var said: Set<String> = []

    /// Whether this text completes a sentence that was said before.
    mutating func repeats(_ text: String) -> Bool {
        sentences.add(text).contains { $0.text.count >= Self.minimum && !said.insert($0.text.lowercased()).inserted }
    }
}
