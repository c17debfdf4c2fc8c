import Foundation
import ParleyIndex
import Retrieval

/// Scores how far words of the passages support a sentence; no model is asked.
///
/// The score is the share of the sentence's telling words and numbers that the evidence holds, rare ones counting more. A number or a name
/// that the evidence lacks, other words beside `first` or `June`, or a negation of the evidence alone, makes a sentence partly supported at
/// best, however alike the words are; so does evidence of which no clause by itself supports it, since then its words may be said of two
/// things. One that denies what no evidence denies is not found.
struct SupportScorer: Sendable {
    static let supported = 0.65
    static let partly = 0.4
    /// The highest score of a sentence with a contradiction in it.
    private static let contradicted = 0.6
    /// The highest score of a sentence that denies something against evidence that does not.
    private static let denied = 0.35
    /// What a second sentence must add to be quoted as well.
    private static let pairGain = 0.1

    /// What a word above the text counts against one in it.
    private static let heading = 0.9

    struct Support: Sendable {
        let evidence: Evidence
        /// 0 to 1.
        let score: Double
        var verdict: SupportVerdict { SupportScorer.verdict(score) }

        /// The same, where something speaks against it: partly supported at best.
        var contradicted: Support { Support(evidence: evidence, score: min(score, SupportScorer.contradicted)) }
    }

    /// The words around evidence.
    private struct Surroundings {
        /// The document's name and the headings.
        let above: Set<String>
        /// The whole passage.
        let passage: Set<String>
    }

    private let evidence: [Evidence]
    /// In how many single sentences a word stands.
    private let frequency: [String: Int]
    private let sentences: Int
    private let surroundings: [Surroundings]
    private let question: Set<String>

    init(passages: [Passage], question: String) {
        evidence = Evidence.all(in: passages)
        var frequency: [String: Int] = [:]
        for single in evidence where !single.isPair { for word in single.claim.words { frequency[word, default: 0] += 1 } }
        self.frequency = frequency
        sentences = evidence.count { !$0.isPair }
        var words = passages.map { _ in Set<String>() }
        for evidence in evidence where !evidence.isPair { words[evidence.passage].formUnion(evidence.claim.words) }
        surroundings = zip(passages, words).map {
            Surroundings(above: TellingWords.of(([$0.documentName] + $0.headingPath).joined(separator: "\n")), passage: $1)
        }
        self.question = TellingWords.of(question)
    }

    static func verdict(_ score: Double) -> SupportVerdict {
        score >= supported ? .supported : score >= partly ? .partly : .notFound
    }

    /// The words that support the claim best.
    /// - Parameter passage: place of the only passage to look in.
    func best(for claim: Claim, in passage: Int? = nil) -> Support? {
        var best: Support?
        for evidence in evidence where passage == nil || evidence.passage == passage {
            let score = score(claim, evidence)
            let bar = best.map { $0.score + (evidence.isPair && !$0.evidence.isPair ? Self.pairGain : 0) } ?? 0
            if score > bar { best = Support(evidence: evidence, score: score) }
        }
        return best
    }

    private func score(_ claim: Claim, _ evidence: Evidence) -> Double {
        let around = surroundings[evidence.passage]
        let whole = score(claim, evidence.claim, around, isNegated: evidence.isNegated(for: claim))
        return evidence.clauses.reduce(min(Self.contradicted, whole)) { max($0, score(claim, $1, around, isNegated: $1.isNegated)) }
    }

    /// - Parameter isNegated: whether the evidence denies something.
    private func score(_ claim: Claim, _ held: Claim, _ around: Surroundings, isNegated: Bool) -> Double {
        var (found, total) = (0.0, 0.0)
        for word in claim.words {
            let weight = weight(word)
            total += weight
            found += held.words.contains(word) ? weight : around.above.contains(word) ? weight * Self.heading : 0
        }
        let numberWeight = weight("")
        total += numberWeight * Double(claim.numbers.count)
        found += numberWeight * Double(claim.numbers.intersection(held.numbers).count)
        let share = total > 0 ? found / total : 0
        if claim.isNegated, !isNegated { return min(share, Self.denied) }
        return claim.isNegated != isNegated || contradicts(claim, held, around) ? min(share, Self.contradicted) : share
    }

    /// A word that the evidence lacks and the passage has elsewhere speaks of another thing; other words may only be other words for the same.
    private func contradicts(_ claim: Claim, _ held: Claim, _ around: Surroundings) -> Bool {
        let missing = claim.words.filter { !held.words.contains($0) && !around.above.contains($0) }
        return !claim.numbers.isSubset(of: held.numbers) || claim.order.contradicts(held.order)
            || missing.contains { around.passage.contains($0) || claim.names.contains($0) && !question.contains($0) }
    }

    /// As in ranking, the rarer a word among the passages' sentences, the more it tells.
    private func weight(_ word: String) -> Double { log(1 + Double(sentences + 1) / (Double(frequency[word] ?? 0) + 1)) }
}
