import Foundation
import ParleyCore
import ParleyIndex
import ParleyInference
import Retrieval

/// Finds answers by reading: a model reads the question with each of the first passages, and tells whether it answers and with which words.
struct ReaderFinder: AnswerFinder {
    /// Passages that are read; nothing is quoted from the others. More cost time and find no more (`docs/answers.md`).
    private static let passages = 4

    let reader: any PassageReader
    let sure = 0.7
    let threshold: Double? = 0.07

    /// What is known of a unit. `docs/answers.md` tells what the weights were learnt from.
    private struct Signals {
        /// How much likelier the unit's words answer than that the passage holds no answer, as a logit.
        let margin: Double
        /// Of the passage among those found, from 0.
        let rank: Int
        /// The share of the question's telling words that the unit holds.
        let coverage: Double
        let words: Range<Int>

        /// How well the unit answers, among those of one question.
        var score: Double { 0.184 * margin - 0.649 * Double(rank) + 2.603 * coverage - 1.826 }

        /// That it answers at all.
        /// - Parameter lead: how far its score is before that of the best unit of another passage.
        func probability(lead: Double) -> Double {
            1 / (1 + exp(1.729 - 0.147 * margin - 0.355 * min(lead, Self.widest) - 0.755 * coverage))
        }

        private static let widest = 4.0
    }

    func find(_ question: String, in passages: [Passage], _ units: [QuoteUnit]) async throws -> [FoundAnswer] {
        let read = passages.prefix(Self.passages)
        let heads = read.map { ($0.headingPath.isEmpty ? "" : $0.headingPath.joined(separator: " > ") + "\n") + $0.table }
        let readings = try await reader.read(question, in: zip(heads, read).map { $0 + $1.text })
        let asked = TellingWords.of(question)
        let signals = units.map { unit in
            readings.indices.contains(unit.passage)
                ? Self.signals(unit, readings[unit.passage], behind: heads[unit.passage].unicodeScalars.count, asked) : nil
        }
        var best: [Int: Double] = [:]
        for case let signals? in signals { best[signals.rank] = max(best[signals.rank] ?? -.infinity, signals.score) }
        return signals.map { signals in
            guard let signals else { return FoundAnswer(score: -.infinity, probability: 0, words: []) }
            let other = best.filter { $0.key != signals.rank }.values.max() ?? -.infinity
            return FoundAnswer(score: signals.score, probability: signals.probability(lead: signals.score - other), words: [signals.words])
        }
    }

    /// Nil where the model has not read the unit.
    /// - Parameter head: Unicode scalars that stand before the passage in what was read.
    private static func signals(_ unit: QuoteUnit, _ reading: Reading, behind head: Int, _ asked: Set<String>) -> Signals? {
        let shift = head + unit.from
        guard let span = reading.span(in: shift..<shift + unit.to - unit.from) else { return nil }
        let held = asked.isEmpty ? 0 : Double(asked.intersection(TellingWords.of(unit.text)).count) / Double(asked.count)
        return Signals(
            margin: Double(span.margin), rank: unit.passage, coverage: held,
            words: span.place.lowerBound - shift..<span.place.upperBound - shift)
    }

    /// The same text for the same model and weights: fit to be stored and compared.
    static func identity(_ reader: any PassageReader) -> String { (try? reader.identity).map { "\($0), weights 1" } ?? "no reader" }
}
