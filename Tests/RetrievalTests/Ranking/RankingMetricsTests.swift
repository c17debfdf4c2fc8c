import Foundation
import Testing

@testable import Retrieval

@Suite struct RankingMetricsTests {
    /// Worked out by hand from trec_eval's definitions.
    @Test func figuresAreThoseOfTrecEval() {
        let judgements = ["a": 2, "b": 1, "c": 0, "z": 1]
        let ranking = ["c", "a", "x", "b"]
        let ideal = 2 / log2(2.0) + 1 / log2(3.0) + 1 / log2(4.0)
        #expect(abs(RankingMetrics.nDCG(ranking, judgements) - (2 / log2(3.0) + 1 / log2(5.0)) / ideal) < 1e-12)
        #expect(abs(RankingMetrics.nDCG(ranking, judgements, at: 2) - 2 / log2(3.0) / (2 + 1 / log2(3.0))) < 1e-12)
        #expect(RankingMetrics.recall(ranking, judgements, at: 10) == 2.0 / 3)
        #expect(RankingMetrics.recall(ranking, judgements, at: 2) == 1.0 / 3)
        #expect(RankingMetrics.reciprocalRank(ranking, judgements) == 0.5)
        #expect(RankingMetrics.reciprocalRank(["x"], judgements) == 0)
    }

    @Test func nothingToFindGivesZero() {
        #expect(RankingMetrics.nDCG(["a"], ["a": 0]) == 0)
        #expect(RankingMetrics.recall(["a"], [:], at: 10) == 0)
        #expect(RankingMetrics.nDCG([], ["a": 1], at: -1) == 0)
    }

    @Test func bootstrapHoldsTheDifference() {
        let a = (0..<200).map { Double($0 % 5) / 10 }
        let b = a.enumerated().map { $0.element + ($0.offset.isMultiple(of: 2) ? 0.1 : 0) }
        let difference = RankingMetrics.pairedBootstrap(a, b, rounds: 500)
        #expect(abs(difference.mean - 0.05) < 1e-9)
        #expect(difference.low > 0.03 && difference.low < 0.05 && difference.high > 0.05 && difference.high < 0.07)
        #expect(difference == RankingMetrics.pairedBootstrap(a, b, rounds: 500))
        #expect(RankingMetrics.pairedBootstrap([], []).mean == 0)
    }
}
