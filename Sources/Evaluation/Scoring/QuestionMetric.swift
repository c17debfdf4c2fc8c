/// What is measured of a question. A figure over many questions is the sum of the parts over the sum of the wholes.
public enum QuestionMetric: String, Sendable, CaseIterable, Codable {
    /// Documents; the definitions are trec_eval's. Each of a question counts once, where its best passage stands.
    case recallAt5 = "recall_at_5"
    case recallAt10 = "recall_at_10"
    case recallAt100 = "recall_at_100"
    case nDCGAt10 = "ndcg_at_10"
    case reciprocalRankAt10 = "mrr_at_10"
    /// Passages that hold the expected words.
    case passageRecallAt10 = "passage_recall_at_10"
    case passageReciprocalRankAt10 = "passage_mrr_at_10"
    /// Of an answer's citations, those whose quote overlaps expected words.
    case citationPrecision = "citation_precision"
    /// Of the expected words, those that a citation overlaps.
    case citationRecall = "citation_recall"
    case documentCited = "document_cited"
    case pageCited = "page_cited"
    /// Of answerable questions, those that were refused.
    case falseRefusals = "false_refusals"
    /// Of questions without an answer, those that were answered.
    case falseAnswers = "false_answers"
    /// Of answerable questions, those answered with a warning.
    case needlessWarnings = "needless_warnings"
    /// Of questions without an answer, those answered without a warning.
    case unwarnedAnswers = "unwarned_answers"
    /// How long the search took, and the answer where one was made.
    case milliseconds

    public var isBetterWhenHigher: Bool {
        switch self {
        case .falseRefusals, .falseAnswers, .needlessWarnings, .unwarnedAnswers, .milliseconds: false
        default: true
        }
    }
}

/// A part of a whole: 1 of 1 for a citation that is right, 0.63 of 1 for a question's nDCG.
public struct Ratio: Sendable, Hashable, Codable {
    public var part: Double
    public var whole: Double

    public init(_ part: Double, of whole: Double = 1) { (self.part, self.whole) = (part, whole) }

    /// Nil of nothing.
    public var value: Double? { whole == 0 ? nil : part / whole }

    static func + (a: Self, b: Self) -> Self { Self(a.part + b.part, of: a.whole + b.whole) }
}

/// What was measured of one question, or of many; a metric that does not apply is missing.
public struct Scores: Sendable, Hashable, Codable {
    private var ratios: [String: Ratio] = [:]

    public init() {}

    public subscript(metric: QuestionMetric) -> Ratio? {
        get { ratios[metric.rawValue] }
        set { ratios[metric.rawValue] = newValue }
    }

    /// Those that apply, in the order of their declaration.
    public var measured: [(metric: QuestionMetric, ratio: Ratio)] {
        QuestionMetric.allCases.compactMap { metric in self[metric].map { (metric, $0) } }
    }

    /// The figures over these questions.
    public static func total(_ all: some Sequence<Scores>) -> Scores {
        all.reduce(into: Scores()) { total, scores in
            total.ratios.merge(scores.ratios) { $0 + $1 }
        }
    }

    /// Both together.
    public func merging(_ other: Scores) -> Scores {
        var merged = self
        merged.ratios.merge(other.ratios) { $1 }
        return merged
    }
}
