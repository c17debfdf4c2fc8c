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
    /// What each of its clauses says. One that leans on the clause before it, as "it is deleted after 30 days" does, stands together with it.
    let clauses: [Claim]
    /// Whether it is two sentences.
    let isPair: Bool

    /// Whether the clause that speaks of the claim most denies something.
    func isNegated(for claim: Claim) -> Bool {
        clauses.max { $0.words.intersection(claim.words).count < $1.words.intersection(claim.words).count }?.isNegated ?? false
    }

    /// Everything in these passages that may be quoted.
    static func all(in passages: [Passage]) -> [Evidence] {
        passages.enumerated().flatMap { index, passage in
            let sentences = SentenceReader.sentences(of: passage.text)
            let singles = sentences.map { sentence in
                Evidence(
                    passage: index, from: sentence.from, to: sentence.to, text: sentence.text, claim: Claim(sentence.text),
                    clauses: Clauses.joined([sentence.text]).map(Claim.init), isPair: false)
            }
            let pairs = zip(singles, singles.dropFirst()).map { first, second in
                let text = passage.text.scalars(from: first.from, to: second.to)
                return Evidence(
                    passage: index, from: first.from, to: second.to, text: text, claim: Claim(text),
                    clauses: Clauses.joined([first.text, second.text]).map(Claim.init), isPair: true)
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
