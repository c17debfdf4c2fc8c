import Foundation
import ParleyAuthority
import ParleyCore
import Retrieval

/// Finds out from questions how likely an answer is at given scores, and how often that goes wrong on questions it has not seen.
///
/// Each question whose documents are known is asked twice: as it is, and with those documents left out of what was found, when it has no
/// answer. Questions that no document answers, and questions meant for other documents, come beside them. Half of the questions, chosen by
/// their ids, teach; the other half tests.
struct Calibration: Sendable {
    /// Where a question comes from.
    enum Kind: String, Sendable, CaseIterable {
        case answerable, leftOut, unanswerable, foreign
    }

    struct Question: Sendable {
        let id: String
        let text: String
        /// Names of the documents that answer it.
        let documents: Set<String>
        let isForeign: Bool
    }

    struct Case: Sendable {
        let kind: Kind
        let isTest: Bool
        let sample: Calibrator.Sample

        init(kind: Kind, isTest: Bool, signals: AnswerSignals) {
            (self.kind, self.isTest) = (kind, isTest)
            sample = Calibrator.Sample(signals: signals, isAnswerable: kind == .answerable)
        }

        /// From a line of a file of cases; nil when it is none.
        init?(line: Substring) throws {
            let value = try JSONValue(parsing: line.utf8)
            guard let kind = Kind(rawValue: value["kind"]?.string ?? ""), let similarity = value["similarity"]?.double,
                let coverage = value["coverage"]?.double
            else { return nil }
            self.init(
                kind: kind, isTest: value["test"]?.bool ?? false, signals: AnswerSignals(similarity: similarity, coverage: coverage))
        }

        var json: JSONValue {
            [
                "kind": .string(kind.rawValue), "test": .bool(isTest), "similarity": .double(sample.signals.similarity),
                "coverage": .double(sample.signals.coverage),
            ]
        }
    }

    /// Passages that are looked at, as for an answer, and how many are found, so that enough are left when some are left out.
    private static let (passages, found) = (6, 60)

    let parley: Parley
    let scope: ProjectScope
    let questions: [Question]

    func cases() async throws -> [Case] {
        var cases: [Case] = []
        var progress = Terminal.Progress("searching")
        for (number, question) in questions.enumerated() {
            let hits = try await parley.search.search(SearchRequest(query: question.text, limit: Self.found), scope).hits
            let rest = hits.filter { !question.documents.contains($0.documentName) }
            let kind: Kind = question.isForeign ? .foreign : question.documents.isEmpty ? .unanswerable : .answerable
            let variants = kind == .answerable ? [(kind, hits), (.leftOut, rest)] : [(kind, hits)]
            for (kind, hits) in variants {
                guard let signals = AnswerSignals(question: question.text, passages: Array(hits.prefix(Self.passages))) else { continue }
                cases.append(Case(kind: kind, isTest: Self.isTest(question.id), signals: signals))
            }
            progress.show(number + 1, of: questions.count)
        }
        return cases
    }

    /// By a hash of the id (FNV-1a, mixed as MurmurHash3 does), so that the same questions test every time.
    static func isTest(_ id: String) -> Bool {
        var hash = id.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return (hash >> 33) & 1 == 1
    }
}

/// What a calibration learnt, and how often it is wrong.
struct CalibrationReport: Sendable {
    let calibration: AnswerCalibration
    private let rates: [(kind: Calibration.Kind, count: Int, wrong: Int)]

    /// - Throws: `evaluation.collection_unreadable` when there are not both answerable and unanswerable questions.
    init(_ cases: [Calibration.Case], falseRefusals: Double) throws {
        guard let calibration = Calibrator.calibration(cases.filter { !$0.isTest }.map(\.sample), falseRefusals: falseRefusals) else {
            throw ParleyError(.collectionUnreadable, "Too few questions: both answered and unanswered ones are needed to learn from.")
        }
        self.calibration = calibration
        rates = Calibration.Kind.allCases.map { kind in
            let tested = cases.filter { $0.kind == kind && $0.isTest }
            let wrong = tested.count { calibration.judge($0.sample.signals).isAnswerable != $0.sample.isAnswerable }
            return (kind, tested.count, wrong)
        }
    }

    private static let titles: [Calibration.Kind: String] = [
        .answerable: "answerable, refused", .leftOut: "its documents left out, answered",
        .unanswerable: "nowhere in the documents, answered",
        .foreign: "meant for other documents, answered",
    ]

    var table: String {
        let weights = calibration.weights.map { String(format: "%.2f", $0) }
        var lines = [
            "learnt from \(calibration.questions) cases: similarity \(weights[0]), coverage \(weights[1]), constant \(weights[2]), "
                + "threshold \(String(format: "%.3f", calibration.threshold))",
            "on cases it has not seen:", "                                      cases   wrong",
        ]
        for rate in rates where rate.count > 0 {
            let title = (Self.titles[rate.kind] ?? "").padding(toLength: 36, withPad: " ", startingAt: 0)
            lines.append(title + String(format: "%7d", rate.count) + "  " + Self.percent(rate.wrong, rate.count))
        }
        lines.append("false refusals " + Self.percent(rates[0].wrong, rates[0].count).trimmingCharacters(in: .whitespaces))
        let others = rates.dropFirst()
        let (count, wrong) = (others.reduce(0) { $0 + $1.count }, others.reduce(0) { $0 + $1.wrong })
        lines.append("false answers " + Self.percent(wrong, count).trimmingCharacters(in: .whitespaces))
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "weights": .array(calibration.weights.map { .double($0) }), "threshold": .double(calibration.threshold),
            "learnt_from": .int(Int64(calibration.questions)),
        ]
        for rate in rates {
            members[rate.kind.rawValue] = ["cases": .int(Int64(rate.count)), "wrong": .int(Int64(rate.wrong))]
        }
        return .object(members)
    }

    private static func percent(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "–" : String(format: "%5.1f %%", Double(part) * 100 / Double(whole))
    }
}
