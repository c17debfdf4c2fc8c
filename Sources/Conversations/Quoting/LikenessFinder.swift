import Foundation
import ParleyIndex
import Retrieval

/// Finds answers by what can be told without reading: the question's words in a unit and around it, rare ones counting more; how alike unit
/// and question are in meaning; and whether the unit holds a date, a number or a name where the question asks for one.
struct LikenessFinder: AnswerFinder {
    /// Units that are compared in meaning; the others are too unlike the question in words and place.
    private static let compared = 48
    /// The highest probability of a sentence that denies nothing, where the question does.
    private static let denied = 0.3

    /// The same text for the same weights: fit to be stored and compared.
    static let identity = "words and likeness 1"

    /// How alike in meaning each text is to the question; nil when it cannot be told.
    let likeness: @Sendable (_ texts: [String], _ question: String) async throws -> [Double]?

    /// What is known of a unit. `docs/answers.md` tells what the weights were learnt from.
    private struct Signals {
        var coverage = 0.0
        /// With the unit before it, the headings and the document's name.
        var around = 0.0
        var passage = 0.0
        var likeness = 0.0
        var passageLikeness = 0.0
        var hasKind = 0.0
        var lacksKind = 0.0
        var place = 0.0
        var length = 0.0
        /// The question's words in the heading right above, less for what is not the first below it.
        var heading = 0.0

        /// How well the unit answers, among those of one question.
        var score: Double {
            3.88 * coverage + 3.11 * around + 1.37 * passage + 5.98 * likeness + 3.2 * passageLikeness + 0.83 * (hasKind - lacksKind)
                + 1.62 * place + 0.25 * length + 3 * heading
        }

        /// That it answers at all.
        /// - Parameter margin: how far its score is before that of the best other unit.
        func probability(margin: Double) -> Double {
            let sum =
                0.96 * around + 3.0 * likeness + 1.23 * passageLikeness + 0.1 * hasKind - 0.55 * lacksKind
                + 0.38 * min(margin, Self.widest) - 4.43
            return 1 / (1 + exp(-sum))
        }

        private static let widest = 3.0
    }

    let sure = 0.55
    let threshold: Double? = nil

    func find(_ question: String, in passages: [Passage], _ units: [QuoteUnit]) async throws -> [FoundAnswer] {
        let asked = TellingWords.of(question)
        let kind = QuestionKind(question)
        let words = units.map { TellingWords.of($0.text) }
        // What does not happen is not told by a sentence that denies nothing.
        let isNegated = Claim(question).isNegated
        let spans = units.map { kind?.answers(in: $0.text, asked: asked) ?? [] }
        var signals = signals(asked, passages, units, words)
        for index in units.indices where kind != nil {
            (signals[index].hasKind, signals[index].lacksKind) = spans[index].isEmpty ? (0, 1) : (1, 0)
        }
        let order = units.indices.sorted { signals[$0].score > signals[$1].score }.prefix(Self.compared)
        if let likeness = try await likeness(order.map { units[$0].text }, question) {
            for (index, cosine) in zip(order, likeness) { signals[index].likeness = cosine }
        }
        let scores = signals.map(\.score)
        let best = scores.sorted().suffix(2)
        return signals.indices.map { index in
            let other = scores[index] == best.last ? best.count > 1 ? best.first : nil : best.last
            let probability = signals[index].probability(margin: other.map { scores[index] - $0 } ?? .infinity)
            let isDenied = isNegated && !Claim(units[index].text).isNegated
            return FoundAnswer(
                score: scores[index], probability: isDenied ? min(probability, Self.denied) : probability, words: spans[index])
        }
    }

    private func signals(_ asked: Set<String>, _ passages: [Passage], _ units: [QuoteUnit], _ words: [Set<String>]) -> [Signals] {
        var frequency: [String: Int] = [:]
        for word in words.joined() where asked.contains(word) { frequency[word, default: 0] += 1 }
        let weights = asked.reduce(into: [String: Double]()) {
            $0[$1] = log(1 + Double(units.count + 1) / (Double(frequency[$1] ?? 0) + 1))
        }
        let total = max(weights.values.reduce(0, +), 1e-9)
        func share(_ held: Set<String>) -> Double { asked.intersection(held).reduce(0) { $0 + (weights[$1] ?? 0) } / total }
        let above = passages.map { TellingWords.of(([$0.documentName] + $0.headingPath).joined(separator: "\n")) }
        var whole = above
        for (unit, held) in zip(units, words) { whole[unit.passage].formUnion(held) }
        return units.indices.map { index in
            let unit = units[index]
            let before = index > 0 && units[index - 1].passage == unit.passage ? words[index - 1] : []
            var signals = Signals()
            signals.coverage = share(words[index])
            signals.around = share(
                words[index].union(before).union(above[unit.passage]).union(TellingWords.of(unit.titles.joined(separator: "\n"))))
            signals.passage = share(whole[unit.passage])
            signals.passageLikeness = passages[unit.passage].vector?.score ?? 0
            signals.place = 1 / Double(unit.passage + 1)
            signals.length = log(1 + Double(words[index].count))
            if let heading = unit.titles.last ?? passages[unit.passage].headingPath.last {
                let isFirst = index == 0 || units[index - 1].passage != unit.passage || units[index - 1].titles != unit.titles
                signals.heading = share(TellingWords.of(heading)) * (isFirst ? 1 : 0.25)
            }
            return signals
        }
    }
}
