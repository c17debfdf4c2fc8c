/// Splits text into sentences as it arrives, with exact places in Unicode scalars. A sentence ends at `.`, `!`, `?` or `…`
/// before white space, at CJK full stops, and at line ends.
struct SentenceReader: Sendable {
    struct Sentence: Sendable, Hashable {
        /// Unicode scalars from the start of all text, half-open, without surrounding white space.
        let from: Int
        let to: Int
        let text: String
    }

    private var pending: [Unicode.Scalar] = []
    /// Where `pending` begins.
    private var start = 0

    /// Whether no sentence has begun since the last one ended.
    var isBetween: Bool { pending.allSatisfy(\.properties.isWhitespace) }

    /// All sentences of a whole text.
    static func sentences(of text: String) -> [Sentence] {
        var reader = SentenceReader()
        return reader.add(text) + reader.finish()
    }

    mutating func add(_ text: String) -> [Sentence] {
        var found: [Sentence] = []
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace, let last = pending.last, Self.ends.contains(last) || scalar == "\n" {
                cut(&found)
            }
            pending.append(scalar)
            if Self.hardEnds.contains(scalar) { cut(&found) }
        }
        return found
    }

    mutating func finish() -> [Sentence] {
        var found: [Sentence] = []
        cut(&found)
        return found
    }

    private mutating func cut(_ found: inout [Sentence]) {
        defer {
            start += pending.count
            pending.removeAll(keepingCapacity: true)
        }
        guard let first = pending.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = pending.lastIndex(where: { !$0.properties.isWhitespace })
        else { return }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: pending[first...last])
        found.append(Sentence(from: start + first, to: start + last + 1, text: String(text)))
    }

    private static let ends: Set<Unicode.Scalar> = [".", "!", "?", "…", "\"", "”", ")"]
    private static let hardEnds: Set<Unicode.Scalar> = ["。", "！", "？"]
}
