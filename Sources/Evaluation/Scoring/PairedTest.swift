import Foundation
import Retrieval

/// Whether two runs over the same questions differ by more than chance.
///
/// The test is Fisher's paired randomisation: if the two settings were alike, either result of a question might have come from either, so
/// results are swapped at random and the share of swaps with a difference as large as the one seen is the p-value. Smucker, Allan and
/// Carterette, "A comparison of statistical significance tests for information retrieval evaluation" (CIKM 2007), found it to be the test
/// to use. The interval is the percentile bootstrap over questions (Efron 1979; Sakai, SIGIR 2006, for retrieval).
public struct PairedTest: Sendable, Hashable {
    /// Swaps and resamplings.
    public static let rounds = 10_000

    /// The figures of the first and the second run over the questions that both have.
    public let first: Double
    public let second: Double
    public let questions: Int
    /// Second − first.
    public let difference: Double
    /// The interval that holds the difference in 95 of 100 resamplings.
    public let low: Double
    public let high: Double
    /// Two-sided.
    public let p: Double
    /// Questions that the second run did better, worse, and alike.
    public let wins: Int
    public let losses: Int
    public let ties: Int

    init(
        first: Double, second: Double, questions: Int, difference: Double, low: Double, high: Double, p: Double, wins: Int, losses: Int,
        ties: Int
    ) {
        (self.first, self.second, self.questions, self.difference) = (first, second, questions, difference)
        (self.low, self.high, self.p) = (low, high, p)
        (self.wins, self.losses, self.ties) = (wins, losses, ties)
    }

    /// - Parameters:
    ///   - pairs: what the first and the second run made of each question that both have.
    ///   - isBetterWhenHigher: decides what is a win.
    ///   - seed: the same figures in every call.
    /// - Returns: nil when one of the runs has nothing to compare.
    public init?(_ pairs: [(first: Ratio, second: Ratio)], isBetterWhenHigher: Bool, rounds: Int = Self.rounds, seed: UInt64 = 1) {
        let sums = pairs.reduce((Ratio(0, of: 0), Ratio(0, of: 0))) { ($0.0 + $1.first, $0.1 + $1.second) }
        guard let first = sums.0.value, let second = sums.1.value else { return nil }
        (self.first, self.second, questions, difference) = (first, second, pairs.count, second - first)
        let signs = pairs.map { pair -> Int in
            let gap = (pair.second.value ?? 0) - (pair.first.value ?? 0)
            return gap.magnitude < 1e-9 ? 0 : (gap > 0) == isBetterWhenHigher ? 1 : -1
        }
        (wins, losses) = (signs.count { $0 > 0 }, signs.count { $0 < 0 })
        ties = pairs.count - wins - losses
        // Questions that both did alike cannot change what a swap shows, only its weight; they stay for ratios with unlike wholes.
        var random = RepeatableGenerator(seed: seed)
        p = Self.randomised(pairs, atLeast: difference.magnitude, rounds, &random)
        (low, high) = Self.interval(pairs, rounds, &random)
    }

    private static func randomised(
        _ pairs: [(first: Ratio, second: Ratio)], atLeast seen: Double, _ rounds: Int, _ random: inout RepeatableGenerator
    ) -> Double {
        guard pairs.contains(where: { $0.first != $0.second }), rounds > 0 else { return 1 }
        var extreme = 1
        for _ in 0..<rounds {
            var (a, b, bits, left) = (Ratio(0, of: 0), Ratio(0, of: 0), UInt64(0), 0)
            for pair in pairs {
                if left == 0 { (bits, left) = (random.next(), 64) }
                let isSwapped = bits & 1 == 1
                (bits, left) = (bits >> 1, left - 1)
                a = a + (isSwapped ? pair.second : pair.first)
                b = b + (isSwapped ? pair.first : pair.second)
            }
            if ((b.value ?? 0) - (a.value ?? 0)).magnitude >= seen - 1e-12 { extreme += 1 }
        }
        return Double(extreme) / Double(rounds + 1)
    }

    private static func interval(_ pairs: [(first: Ratio, second: Ratio)], _ rounds: Int, _ random: inout RepeatableGenerator) -> (
        Double, Double
    ) {
        guard pairs.contains(where: { $0.first != $0.second }), rounds > 0 else { return (0, 0) }
        var differences: [Double] = []
        differences.reserveCapacity(rounds)
        for _ in 0..<rounds {
            var (a, b) = (Ratio(0, of: 0), Ratio(0, of: 0))
            for _ in pairs.indices {
                let pair = pairs[Int.random(in: pairs.indices, using: &random)]
                (a, b) = (a + pair.first, b + pair.second)
            }
            differences.append((b.value ?? 0) - (a.value ?? 0))
        }
        differences.sort()
        let edge = Int(Double(rounds - 1) * 0.025)  // fits: a fortieth of the rounds
        return (differences[edge], differences[rounds - 1 - edge])
    }
}
