import Conversations
import Evaluation
import Foundation
import ParleyCore

/// What an evaluation of answers found.
struct AnswerEvaluationReport: Sendable {
    let outcomes: [AnswerEvaluation.Outcome]

    private struct Share {
        let name: String
        let part: Int
        let whole: Int
    }

    private var shares: [Share] { search + checks + answers }

    private var answerable: [AnswerEvaluation.Outcome] { outcomes.filter(\.question.isAnswerable) }

    private var search: [Share] {
        let all = answerable.count
        return [
            Share(name: "search: right document first", part: answerable.count { $0.isRightDocument }, whole: all),
            Share(
                name: "search: passage with the answer first", part: answerable.count { $0.scores[.passageReciprocalRankAt10]?.part == 1 },
                whole: all),
            Share(
                name: "search: passage with the answer found", part: answerable.count { $0.scores[.passageRecallAt10]?.part ?? 0 > 0 },
                whole: all),
        ]
    }

    /// A citation is right when the statement is true and the words are the known ones.
    private var checks: [Share] {
        let (statements, wrong) = (answerable.compactMap(\.statement), answerable.compactMap(\.wrong))
        let right = statements.count { $0.verdict == .supported && $0.isRightPlace }
        let supported = (statements + wrong).count { $0.verdict == .supported }
        return [
            Share(name: "checks: citation precision", part: right, whole: supported),
            Share(name: "checks: citation recall", part: right, whole: statements.count),
            Share(
                name: "checks: true statements supported or partly", part: statements.count { $0.verdict != .notFound },
                whole: statements.count),
            Share(name: "checks: false statements taken as supported", part: wrong.count { $0.verdict == .supported }, whole: wrong.count),
        ]
    }

    private var answers: [Share] {
        guard outcomes.contains(where: { $0.answer != nil }) else { return [] }
        let figures = Scores.total(outcomes.map(\.scores))
        let names: [(String, QuestionMetric)] = [
            ("citation precision", .citationPrecision), ("citation recall", .citationRecall), ("right document cited", .documentCited),
            ("right page cited", .pageCited), ("false refusals", .falseRefusals), ("false answers", .falseAnswers),
            ("needless warnings", .needlessWarnings), ("answers without a warning to what has none", .unwarnedAnswers),
        ]
        return names.map { name, metric in
            Share(
                name: "answers: " + name, part: Int(rounding: figures[metric]?.part ?? 0), whole: Int(rounding: figures[metric]?.whole ?? 0)
            )
        }
    }

    var table: String {
        shares.map { share in
            let percent = share.whole == 0 ? "–" : String(format: "%5.1f %%", Double(share.part) * 100 / Double(share.whole))
            return share.name.padding(toLength: 56, withPad: " ", startingAt: 0) + percent + "  (\(share.part) of \(share.whole))"
        }.joined(separator: "\n")
    }

    var json: JSONValue {
        let counts = shares.map { ($0.name, ["part": .int(Int64($0.part)), "whole": .int(Int64($0.whole))] as JSONValue) }
        let figures = Scores.total(outcomes.map(\.scores)).measured.map { figure in
            (figure.metric.rawValue, ["part": .double(figure.ratio.part), "whole": .double(figure.ratio.whole)] as JSONValue)
        }
        return .object(Dictionary(counts + figures) { first, _ in first })
    }

    /// Statements that were judged wrongly, a line each.
    var misjudged: String {
        answerable.flatMap { outcome -> [String] in
            var lines: [String] = []
            if let found = outcome.statement, found.verdict != .supported || !found.isRightPlace {
                lines.append(
                    "true, \(found.verdict.rawValue)\(found.isRightPlace ? "" : ", elsewhere"): \(outcome.question.statement ?? "")")
            }
            if let found = outcome.wrong, found.verdict == .supported {
                lines.append("false, supported: \(outcome.question.wrong ?? "")")
            }
            return lines
        }.joined(separator: "\n")
    }

    /// A line a question, with its first citation, for the documentation.
    var markdown: String {
        let lines = outcomes.filter { $0.question.isAnswerable }.map { outcome in
            let citation = outcome.answer?.citations.first
            let place = citation.map { $0.place.document + ($0.place.page.map { ", page \($0)" } ?? "") } ?? "–"
            let cells = [
                outcome.question.text, outcome.answer?.text ?? "", place, citation?.quote ?? "",
                citation.map { $0.isRight ? "yes" : "no" } ?? "no",
            ]
            return "| " + cells.map(Self.cell).joined(separator: " | ") + " |"
        }
        return (["| Question | Answer | Document | Quote | Right passage |", "|---|---|---|---|---|"] + lines).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("|", with: "\\|")
        return line.count > 160 ? line.prefix(159) + "…" : line
    }
}
