import ParleyInference
import Retrieval

/// What a model that reads makes of a sentence which the words of the documents seem to support: words alone do not tell of what they are said.
struct SecondOpinion: Sendable {
    /// Below this probability that the passage supports the sentence, words alone do not.
    private static let agreement: Float = 0.5
    /// Unicode scalars before and behind the evidence that are read with it.
    private static let surroundings = 500

    let reader: any PassageReader

    /// The support as it was found, or as contradicted where the model disagrees. A reader that fails changes nothing.
    func support(_ found: SupportScorer.Support, for statement: String, in passage: Passage) async -> SupportScorer.Support {
        guard found.verdict == .supported else { return found }
        let (from, to) = (found.evidence.from - Self.surroundings, found.evidence.to + Self.surroundings)
        let readings = try? await reader.read(statement, in: [passage.text.scalars(from: from, to: to)])
        return (readings?.first?.supported ?? 1) < Self.agreement ? found.contradicted : found
    }
}
