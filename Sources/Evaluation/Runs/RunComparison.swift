public import ParleyCore

/// Two runs over one set side by side.
public struct RunComparison: Sendable, Hashable {
    public struct Line: Sendable, Hashable {
        public let metric: QuestionMetric
        public let test: PairedTest
    }

    /// A question that the two runs did unlike well.
    public struct Change: Sendable, Hashable {
        public let question: SetQuestionID
        public let text: String
        public let metric: QuestionMetric
        public let first: Double
        public let second: Double
        public let isBetter: Bool
    }

    public let first: RunID
    public let second: RunID
    /// Questions that both runs have.
    public let questions: Int
    /// The parts of the installation that the runs do not share.
    public let changedParts: [String]
    public let lines: [Line]
    public let changes: [Change]

    /// - Parameters:
    ///   - first: the run that the other is measured against.
    init(_ first: EvaluationRun, _ firstResults: [QuestionResult], _ second: EvaluationRun, _ secondResults: [QuestionResult]) {
        (self.first, self.second) = (first.id, second.id)
        changedParts = first.makers.differences(from: second.makers)
        let pairs = Self.pairs(firstResults, secondResults)
        questions = pairs.count
        lines = QuestionMetric.allCases.compactMap { metric in
            Self.test(metric, pairs).map { Line(metric: metric, test: $0) }
        }
        changes = pairs.flatMap { pair in
            QuestionMetric.allCases.compactMap { metric -> Change? in
                guard metric != .milliseconds, let a = pair.first.scores[metric]?.value, let b = pair.second.scores[metric]?.value,
                    (a - b).magnitude > 1e-9
                else { return nil }
                return Change(
                    question: pair.second.question, text: pair.second.text, metric: metric, first: a, second: b,
                    isBetter: (b > a) == metric.isBetterWhenHigher)
            }
        }
    }

    /// The results of the questions that both runs have.
    static func pairs(_ first: [QuestionResult], _ second: [QuestionResult]) -> [(first: QuestionResult, second: QuestionResult)] {
        let known = Dictionary(first.map { ($0.question, $0) }) { first, _ in first }
        return second.compactMap { result in known[result.question].map { ($0, result) } }
    }

    /// Nil when one of the runs has nothing of the metric.
    static func test(_ metric: QuestionMetric, _ pairs: [(first: QuestionResult, second: QuestionResult)]) -> PairedTest? {
        let nothing = Ratio(0, of: 0)
        let ratios = pairs.compactMap { pair -> (first: Ratio, second: Ratio)? in
            let (a, b) = (pair.first.scores[metric], pair.second.scores[metric])
            return a == nil && b == nil ? nil : (a ?? nothing, b ?? nothing)
        }
        return PairedTest(ratios, isBetterWhenHigher: metric.isBetterWhenHigher)
    }
}
