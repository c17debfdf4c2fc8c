import ParleyIndex
import ParleyInference

/// Cuts out of a passage that is too long for a prompt the part that holds most of the question's words.
struct PassageCutter {
    private let words: Set<String>
    private let counter: any AnswerTokenCounter

    init(question: String, counter: any AnswerTokenCounter) {
        (words, self.counter) = (TellingWords.of(question), counter)
    }

    /// Fewer tokens than this say nothing.
    private static let least = 24
    /// How often a part that has turned out too long is made shorter.
    private static let attempts = 12

    /// The best part of at most so many tokens, with `…` where it was cut; nil when there is no room for any.
    func cut(_ text: String, to tokens: Int) -> String? {
        guard tokens >= Self.least else { return nil }
        let scalars = Array(text.unicodeScalars)
        let whole = max(counter.tokenCount(text), 1)
        // fits: no more scalars than there are
        var width = max(1, Int(Double(scalars.count) * min(1, Double(tokens - 4) / Double(whole))))
        let start = best(scalars, width)
        for _ in 0..<Self.attempts {
            let part = shown(scalars, start..<min(start + width, scalars.count))
            if counter.tokenCount(part) <= tokens { return part }
            width = max(1, width * 4 / 5)
        }
        return nil
    }

    /// Where the part of this width begins that holds most of the words; the first of those alike.
    private func best(_ scalars: [Unicode.Scalar], _ width: Int) -> Int {
        var best = (start: 0, count: -1)
        for start in stride(from: 0, to: scalars.count, by: max(1, width / 2)) {  // fits: 1 or more
            let count = TellingWords.of(scalars[start..<min(start + width, scalars.count)].text).intersection(words).count
            if count > best.count { best = (start, count) }
            if start + width >= scalars.count { break }
        }
        return best.start
    }

    /// Scalars that are looked through for a word's end.
    private static let reach = 40

    /// The part, begun and ended between words where that is near.
    private func shown(_ scalars: [Unicode.Scalar], _ range: Range<Int>) -> String {
        var (start, end) = (range.lowerBound, range.upperBound)
        if start > 0, let space = scalars[start..<min(start + Self.reach, end)].firstIndex(where: \.properties.isWhitespace) {
            start = space + 1
        }
        if end < scalars.count, let space = scalars[max(start, end - Self.reach)..<end].lastIndex(where: \.properties.isWhitespace) {
            end = space
        }
        return (start > 0 ? "… " : "") + scalars[start..<max(start, end)].text + (end < scalars.count ? " …" : "")
    }
}
