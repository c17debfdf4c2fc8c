import Retrieval

/// Words that a sentence may rest on: one sentence of a passage, or two neighbouring ones.
struct Evidence: Sendable {
    /// Place of the passage in the list that was searched.
    let passage: Int
    /// Unicode scalars of the passage's text, half-open.
    let from: Int
    let to: Int
    let text: String
    let claim: Claim
    /// What each of its sentences says.
    let parts: [Claim]

    var isPair: Bool { parts.count > 1 }

    /// Whether the sentence that speaks of the claim most denies something.
    func isNegated(for claim: Claim) -> Bool {
        parts.max { $0.words.intersection(claim.words).count < $1.words.intersection(claim.words).count }?.isNegated ?? false
    }

    /// Everything in these passages that may be quoted.
    static func all(in passages: [Passage]) -> [Evidence] {
        passages.enumerated().flatMap { index, passage in
            let sentences = SentenceReader.sentences(of: passage.text)
            let singles = sentences.map { sentence in
                let claim = Claim(sentence.text)
                return Evidence(passage: index, from: sentence.from, to: sentence.to, text: sentence.text, claim: claim, parts: [claim])
            }
            let pairs = zip(singles, singles.dropFirst()).map { first, second in
                let text = passage.text.scalars(from: first.from, to: second.to)
                return Evidence(
                    passage: index, from: first.from, to: second.to, text: text, claim: Claim(text), parts: [first.claim, second.claim])
            }
            return singles + pairs
        }
    }
}

extension String {
    /// The slice from one Unicode scalar to another; as much of it as there is.
    func scalars(from: Int, to: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(max(0, to)).dropFirst(max(0, from))))
    }
}
