import Foundation
import ParleyCore
import Retrieval

/// What an evaluation found.
struct EvaluationReport: Sendable {
    /// The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009).
    private static let fusionConstant = 60.0

    private let questions: [String]
    private let judgements: [String: [String: Int]]
    private let rankings: [(name: String, byQuestion: [String: [String]])]

    init(collection: JudgedCollection, rankings: [SearchMode: [String: [String]]]) {
        questions = collection.questions.map(\.id)
        judgements = collection.judgements
        let lists = [rankings[.lexical] ?? [:], rankings[.vector] ?? [:]]
        let fused = Dictionary(questions.map { id in (id, Self.reciprocalRankFusion(lists.map { $0[id] ?? [] })) }) { first, _ in first }
        self.rankings = [("lexical", lists[0]), ("vector", lists[1]), ("rrf", fused), ("hybrid", rankings[.hybrid] ?? [:])]
    }

    /// A line a ranking, then the hybrid's gain over reciprocal rank fusion of the two lists.
    var table: String {
        var lines = ["            nDCG@10   R@10    R@100   MRR@10"]
        for ranking in rankings {
            let figures = figures(ranking.byQuestion).map { Self.fixed($0, 4) }.joined(separator: "  ")
            lines.append(ranking.name.padding(toLength: 10, withPad: " ", startingAt: 0) + "  " + figures)
        }
        let gain = gain
        lines.append(
            "hybrid − rrf, nDCG@10: \(Self.fixed(gain.mean, 4)) (95 % interval \(Self.fixed(gain.low, 4)) to \(Self.fixed(gain.high, 4)), \(questions.count) questions)"
        )
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [:]
        for ranking in rankings {
            let values = figures(ranking.byQuestion)
            members[ranking.name] = [
                "ndcg_at_10": .double(values[0]), "recall_at_10": .double(values[1]), "recall_at_100": .double(values[2]),
                "mrr_at_10": .double(values[3]),
            ]
        }
        let gain = gain
        members["hybrid_minus_rrf"] = ["mean": .double(gain.mean), "low": .double(gain.low), "high": .double(gain.high)]
        members["questions"] = .int(Int64(questions.count))
        return .object(members)
    }

    /// Writes `lexical.run`, `vector.run`, `rrf.run` and `hybrid.run` in TREC's format.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for ranking in rankings {
            let lines = questions.flatMap { question in
                (ranking.byQuestion[question] ?? []).enumerated().map { "\(question) Q0 \($1) \($0 + 1) \(1000 - $0) parley" }
            }
            try (lines.joined(separator: "\n") + "\n").write(
                to: folder.appending(path: ranking.name + ".run"), atomically: true, encoding: .utf8)
        }
    }

    private var gain: RankingMetrics.Difference {
        RankingMetrics.pairedBootstrap(nDCG(of: rankings[2].byQuestion), nDCG(of: rankings[3].byQuestion))
    }

    private func nDCG(of ranking: [String: [String]]) -> [Double] {
        questions.map { RankingMetrics.nDCG(ranking[$0] ?? [], judgements[$0] ?? [:]) }
    }

    private func figures(_ ranking: [String: [String]]) -> [Double] {
        let metrics: [([String], [String: Int]) -> Double] = [
            { RankingMetrics.nDCG($0, $1) }, { RankingMetrics.recall($0, $1, at: 10) }, { RankingMetrics.recall($0, $1, at: 100) },
            { RankingMetrics.reciprocalRank($0, $1) },
        ]
        return metrics.map { metric in
            questions.map { metric(ranking[$0] ?? [], judgements[$0] ?? [:]) }.reduce(0, +) / Double(max(questions.count, 1))
        }
    }

    private static func reciprocalRankFusion(_ lists: [[String]]) -> [String] {
        var scores: [String: Double] = [:]
        for list in lists {
            for (index, name) in list.enumerated() { scores[name, default: 0] += 1 / (fusionConstant + Double(index + 1)) }
        }
        return scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
