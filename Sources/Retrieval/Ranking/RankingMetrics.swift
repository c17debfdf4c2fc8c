import Foundation

/// How good a ranking is, by judged questions; the definitions are trec_eval's.
///
/// A ranking is document names, best first; judgements give each judged document its gain, relevant from 1 on.
public enum RankingMetrics {
    /// Normalised discounted cumulative gain: gain = judgement, discount = log2(rank + 1), ideal from all judged documents.
    public static func nDCG(_ ranking: [String], _ judgements: [String: Int], at depth: Int = 10) -> Double {
        func gain(_ judgements: [Int]) -> Double {
            judgements.prefix(max(0, depth)).enumerated().reduce(0) { $0 + Double(max(0, $1.element)) / log2(Double($1.offset + 2)) }
        }
        let ideal = gain(judgements.values.filter { $0 > 0 }.sorted(by: >))
        return ideal > 0 ? gain(ranking.map { judgements[$0] ?? 0 }) / ideal : 0
    }

    /// The share of the relevant documents that stand among the first.
    public static func recall(_ ranking: [String], _ judgements: [String: Int], at depth: Int) -> Double {
        let relevant = Set(judgements.filter { $0.value >= 1 }.keys)
        guard !relevant.isEmpty else { return 0 }
        return Double(relevant.intersection(ranking.prefix(max(0, depth))).count) / Double(relevant.count)
    }

    /// One over the place of the first relevant document; 0 when none stands among the first.
    public static func reciprocalRank(_ ranking: [String], _ judgements: [String: Int], at depth: Int = 10) -> Double {
        let place = ranking.prefix(max(0, depth)).firstIndex { (judgements[$0] ?? 0) >= 1 }
        return place.map { 1 / Double($0 + 1) } ?? 0
    }

    /// A mean difference with the interval that holds it in 95 of 100 resamplings of the questions.
    public struct Difference: Hashable, Sendable {
        public let mean: Double
        public let low: Double
        public let high: Double
    }

    /// Paired bootstrap of `b − a`, question by question; the same figures in every run.
    /// - Parameters:
    ///   - a: one figure for each question.
    ///   - b: the other system's figures for the same questions; surplus ones are left out.
    public static func pairedBootstrap(_ a: [Double], _ b: [Double], rounds: Int = 10_000, seed: UInt64 = 1) -> Difference {
        let differences = zip(b, a).map { $0 - $1 }
        guard !differences.isEmpty, rounds > 0 else { return Difference(mean: 0, low: 0, high: 0) }
        let count = Double(differences.count)
        var random = RepeatableGenerator(seed: seed)
        let means = (0..<rounds).map { _ in
            differences.indices.reduce(0) { sum, _ in sum + differences[Int.random(in: differences.indices, using: &random)] } / count
        }
        .sorted()
        let edge = Int(Double(rounds - 1) * 0.025)  // fits: a fortieth of the rounds
        return Difference(mean: differences.reduce(0, +) / count, low: means[edge], high: means[rounds - 1 - edge])
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): random enough for resampling, and repeatable.
public struct RepeatableGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
