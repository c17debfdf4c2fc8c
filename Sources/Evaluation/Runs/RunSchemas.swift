import Conversations
import ParleyCore
import ParleyHTTP
import Retrieval

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

/// The body that sets a run going.
struct NewRun: Sendable {
    let name: String
    let answers: Bool
    let depth: Int
    let settings: ChatSettingsChange?

    static let schema: Schema<NewRun> = .object(
        "NewRun", "A run to be.",
        .field("name", \.name, .defaulted(.name(0...200), to: ""), "The moment when left out."),
        .field(
            "answers", \.answers, .defaulted(.bool(), to: false),
            "Whether the language model answers each question; search alone otherwise."),
        .field("depth", \.depth, .defaulted(.int(10...100), to: 10), "Documents that each search is to find; `recall_at_100` needs 100."),
        .field(
            "settings", \.settings, .optional(ChatSettingsChange.schema),
            "What is other than in the project's settings, for this run alone."),
        example: NewRun(name: "Words alone", answers: false, depth: 10, settings: nil)
    ) { NewRun(name: $0, answers: $1, depth: $2, settings: $3) }
}

/// One figure of a run.
struct Figure: Sendable {
    let metric: QuestionMetric
    let ratio: Ratio

    static func all(of scores: Scores) -> [Figure] { scores.measured.map { Figure(metric: $0.metric, ratio: $0.ratio) } }

    static let schema: Schema<Figure> = .object(
        "Figure", "What was measured.",
        .field("metric", \.metric, .enumeration()),
        .field("value", { @Sendable in $0.ratio.value }, .optional(.double()), "`part` of `whole`; null of nothing."),
        .field("part", { @Sendable in $0.ratio.part }, .double()),
        .field("whole", { @Sendable in $0.ratio.whole }, .double(), "Questions, citations or quotes that it is a share of."),
        example: Figure(metric: .nDCGAt10, ratio: Ratio(19.2, of: 24)))
}

extension Latency {
    static let schema: Schema<Latency> = .object(
        "StageLatency", "How long a stage took over all questions, in milliseconds.",
        .field("stage", \.stage, .string()),
        .field("median", \.median, .double()),
        .field("p95", \.p95, .double()),
        example: Latency(stage: "search", median: 3.1, p95: 5.4))
}

extension EvaluationRun {
    static let schema: Schema<EvaluationRun> = .object(
        "EvaluationRun", "A question set put through the product once.",
        .field("id", \.id, .id()),
        .field("set_id", \.set, .id()),
        .field("project_id", \.project, .id()),
        .field("name", \.name, .string()),
        .field("state", \.state, .enumeration()),
        .field("answers", \.plan.answers, .bool()),
        .field("depth", \.plan.depth, .int()),
        .field("settings", \.plan.settings, ChatSettings.schema, "The settings it was made with."),
        .field(
            "made_by", \.makers.parts, .array(AnswerMaker.schema),
            "The models and other parts of the installation that made it; empty until it has begun."),
        .field("total", \.total, .int()),
        .field("done", \.done, .int()),
        .field("progress", { @Sendable in Double($0.done) / Double(max($0.total, 1)) }, .double(0...1)),
        .field("figures", { @Sendable in Figure.all(of: $0.outcome.figures) }, .array(Figure.schema), "Once it is complete."),
        .field("latencies", \.outcome.latencies, .array(Latency.schema)),
        .field("failure", \.outcome.failure, .optional(.string())),
        .field("created_by", \.creator, .id()),
        .field("created_at", \.createdAt, .timestamp()),
        .field("finished_at", \.finishedAt, .optional(.timestamp())),
        example: example)

    static let example = EvaluationRun(
        id: RunID(at: moment), set: QuestionSetID(at: moment), project: ProjectID(at: moment), job: nil, name: "Words alone",
        plan: RunPlan(answers: false, depth: 10, settings: ChatSettings()), makers: RunMakers(),
        state: .running, total: 24, done: 7, outcome: RunOutcome(),
        creator: UserID(at: moment), createdAt: moment, finishedAt: nil)
}

extension AnswerMaker {
    static let schema: Schema<AnswerMaker> = .object(
        "AnswerMaker", "A part of the installation that answers depend on.",
        .field("part", \.part, .string(), "`parley`, `embedding_model`, `calibration`, `answer_limits`, or `language_model` with a name."),
        .field("identity", \.identity, .string(), "Which one; another text for another."),
        example: AnswerMaker("embedding_model", "all-MiniLM-L6-v2@66422201886bdcb6/openvino-2026.4/mean/256/384"))
}

extension ResultCitation {
    static let schema: Schema<ResultCitation> = .object(
        "ResultCitation", "A citation of the answer.",
        .field("document", \.document, .string()),
        .field("page", \.page, .optional(.int())),
        .field("quote", \.quote, .string()),
        .field(
            "right", \.isRight, .bool(), "Whether it overlaps the expected words, or is of an expected document where no words are known."),
        example: ResultCitation(document: "handbook.pdf", page: 3, quote: "The office is open from nine to five.", isRight: true))
}

extension ResultStage {
    static let schema: Schema<ResultStage> = .object(
        "ResultStage", "How long a part of the work took.",
        .field("name", \.name, .string()),
        .field("milliseconds", \.milliseconds, .double()),
        example: ResultStage(name: "search", milliseconds: 3.1))
}

extension QuestionResult {
    static let schema: Schema<QuestionResult> = .object(
        "QuestionResult", "What a run made of one question.",
        .field("position", \.position, .int(), "From 0, in the set's order."),
        .field("question_id", \.question, .id()),
        .field("question", \.text, .string(), "As it stood when it was asked."),
        .field("scores", { @Sendable in Figure.all(of: $0.scores) }, .array(Figure.schema)),
        .field("documents", \.documents, .array(.string()), "Names of the documents found, best first."),
        .field("answer", \.answer, .optional(.string())),
        .field("refused", \.isRefusal, .optional(.bool())),
        .field("citations", \.citations, .array(ResultCitation.schema)),
        .field("stages", \.stages, .array(ResultStage.schema)),
        example: QuestionResult(position: 0, question: SetQuestionID(at: moment), text: "When is the office open?"))
}

extension RunComparison {
    static let schema: Schema<RunComparison> = .object(
        "RunComparison", "Two runs over one set side by side.",
        .field("baseline_run_id", \.first, .id()),
        .field("run_id", \.second, .id()),
        .field("questions", \.questions, .int(), "Questions that both runs have."),
        .field(
            "changed_parts", \.changedParts, .array(.string()),
            "The parts of `made_by` that the runs do not share: what they differ in beside their settings."),
        .field("metrics", \.lines, .array(Line.schema)),
        .field("changes", \.changes, .array(Change.schema, 0...1_000_000), "Questions that the runs did unlike well."),
        example: RunComparison(EvaluationRun.example, [], EvaluationRun.example, []))
}

extension RunComparison.Line {
    static let schema: Schema<RunComparison.Line> = .object(
        "MetricComparison", "One metric of two runs, with a paired randomisation test and a bootstrap interval.",
        .field("metric", \.metric, .enumeration()),
        .field("better", { @Sendable in $0.metric.isBetterWhenHigher ? "higher" : "lower" }, .string()),
        .field("baseline", \.test.first, .double()),
        .field("value", \.test.second, .double()),
        .field("difference", \.test.difference, .double()),
        .field("low", \.test.low, .double(), "The 95 % interval of the difference."),
        .field("high", \.test.high, .double()),
        .field("p", \.test.p, .double(0...1), "Two-sided: how often chance alone makes such a difference."),
        .field("questions", \.test.questions, .int()),
        .field("wins", \.test.wins, .int()),
        .field("losses", \.test.losses, .int()),
        .field("ties", \.test.ties, .int()),
        example: example)

    private static let example: RunComparison.Line = {
        let test = PairedTest(first: 0.75, second: 1, questions: 2, difference: 0.25, low: 0, high: 0.5, p: 1, wins: 1, losses: 0, ties: 1)
        return RunComparison.Line(metric: .nDCGAt10, test: test)
    }()
}

extension RunComparison.Change {
    static let schema: Schema<RunComparison.Change> = .object(
        "QuestionChange", "A question that two runs did unlike well.",
        .field("question_id", \.question, .id()),
        .field("question", \.text, .string()),
        .field("metric", \.metric, .enumeration()),
        .field("baseline", \.first, .double()),
        .field("value", \.second, .double()),
        .field("better", \.isBetter, .bool()),
        example: RunComparison.Change(
            question: SetQuestionID(at: moment), text: "When is the office open?", metric: .nDCGAt10, first: 0.5, second: 1, isBetter: true)
    )
}
