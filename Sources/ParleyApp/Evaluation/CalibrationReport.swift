import Foundation
import ParleyCore
import Retrieval

/// What a calibration learnt, and how often it is wrong on the cases that it did not learn from.
struct CalibrationReport: Sendable {
    let calibration: AnswerCalibration
    private let rates: [Rate]

    /// Of the tested cases of one kind.
    private struct Rate: Sendable {
        let kind: Calibration.Kind
        var cases = 0
        var refused = 0
        /// Answered with a warning.
        var doubted = 0
        var answered: Int { cases - refused - doubted }
    }

    /// - Parameter collections: the cases of each collection of documents.
    /// - Throws: `evaluation.collection_unreadable` when there are not both answerable and unanswerable questions to learn from.
    init(_ collections: [[Calibration.Case]], falseRefusals: Double, doubted: Double) throws {
        let lessons = collections.map { $0.filter { !$0.isTest }.map(\.sample) }
        guard let calibration = Calibrator.calibration(lessons, falseRefusals: falseRefusals, doubted: doubted) else {
            throw ParleyError(.collectionUnreadable, "Too few questions: both answered and unanswered ones are needed to learn from.")
        }
        self.init(calibration, collections.flatMap(\.self))
    }

    /// How a calibration that is known already does on the cases marked as a test.
    init(_ calibration: AnswerCalibration, _ cases: [Calibration.Case]) {
        self.calibration = calibration
        rates = Calibration.Kind.allCases.map { kind in
            cases.filter { $0.kind == kind && $0.isTest }.reduce(into: Rate(kind: kind)) { rate, tested in
                let stance = calibration.judge(tested.sample.signals).stance
                rate.cases += 1
                rate.refused += stance == .refused ? 1 : 0
                rate.doubted += stance == .doubted ? 1 : 0
            }
        }
        .filter { $0.cases > 0 }
    }

    private static let titles: [Calibration.Kind: String] = [
        .answerable: "answerable", .leftOut: "its documents left out", .unanswerable: "nowhere in the documents",
        .foreign: "meant for other documents",
    ]

    var table: String {
        let weights = zip(["similarity", "coverage", "log of words", "constant"], calibration.weights).map { name, weight in
            name + String(format: " %.2f", weight)
        }
        let thresholds = String(format: "refused below %.3f, doubted below %.3f", calibration.threshold, calibration.doubt)
        let lines = [
            "learnt from \(calibration.questions) cases: \(weights.joined(separator: ", ")); \(thresholds)",
            "on cases it has not seen:   cases   refused   doubted  answered",
        ]
        return (lines + rates.map(Self.line)).joined(separator: "\n")
    }

    private static func line(_ rate: Rate) -> String {
        let title = (titles[rate.kind] ?? "").padding(toLength: 25, withPad: " ", startingAt: 0)
        let shares = [rate.refused, rate.doubted, rate.answered].map { String(format: "%8.1f %%", Double($0) * 100 / Double(rate.cases)) }
        return title + String(format: "%8d", rate.cases) + shares.joined()
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "weights": .array(calibration.weights.map { .double($0) }), "threshold": .double(calibration.threshold),
            "doubt": .double(calibration.doubt), "learnt_from": .int(Int64(calibration.questions)),
        ]
        for rate in rates {
            members[rate.kind.rawValue] = [
                "cases": .int(Int64(rate.cases)), "refused": .int(Int64(rate.refused)), "doubted": .int(Int64(rate.doubted)),
            ]
        }
        return .object(members)
    }
}
