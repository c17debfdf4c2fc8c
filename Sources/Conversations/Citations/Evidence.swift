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
    let isPair: Bool

    /// Everything in these passages that may be quoted.
    static func all(in passages: [Passage]) -> [Evidence] {
        passages.enumerated().flatMap { index, passage in
            let sentences = SentenceReader.sentences(of: passage.text)
            let singles = sentences.map {
                Evidence(passage: index, from: $0.from, to: $0.to, text: $0.text, claim: Claim($0.text), isPair: false)
            }
            let pairs = zip(sentences, sentences.dropFirst()).map { first, second in
                let text = passage.text.scalars(from: first.from, to: second.to)
                return Evidence(passage: index, from: first.from, to: second.to, text: text, claim: Claim(text), isPair: true)
            }
            return singles + pairs
        }
    }
}

extension String {
    /// The slice from one Unicode scalar to another; as much of it as there is.
    func scalars(from: Int, to: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.dropFirst(from).prefix(max(to - from, 0))))
    }
}
