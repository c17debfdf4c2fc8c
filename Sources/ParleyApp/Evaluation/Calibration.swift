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
        private(set) var isTest: Bool
        let sample: Calibrator.Sample

        init(kind: Kind, isTest: Bool, signals: AnswerSignals) {
            (self.kind, self.isTest) = (kind, isTest)
            sample = Calibrator.Sample(signals: signals, isAnswerable: kind == .answerable)
        }

        /// The same, not to be learnt from.
        var asTest: Case {
            var copy = self
            copy.isTest = true
            return copy
        }

        /// From a line of a file of cases; nil when it is none.
        init?(line: Substring) throws {
            let value = try JSONValue(parsing: line.utf8)
            guard let kind = Kind(rawValue: value["kind"]?.string ?? ""), let similarity = value["similarity"]?.double,
                let coverage = value["coverage"]?.double, let words = value["words"]?.int
            else { return nil }
            self.init(
                kind: kind, isTest: value["test"]?.bool ?? false,
                signals: AnswerSignals(similarity: similarity, coverage: coverage, words: Int(words)))
        }

        var json: JSONValue {
            [
                "kind": .string(kind.rawValue), "test": .bool(isTest), "similarity": .double(sample.signals.similarity),
                "coverage": .double(sample.signals.coverage), "words": .int(Int64(sample.signals.words)),
            ]
        }
    }

    /// Passages that are looked at, as for an answer, and how many are found, so that enough are left when some are left out.
    private static let (passages, found) = (6, 60)

    let parley: Parley
    let scope: ProjectScope<Search>
    let questions: [Question]

    /// - Throws: `evaluation.search_degraded` when the embedding model does not work.
    func cases() async throws -> [Case] {
        var cases: [Case] = []
        var progress = Terminal.Progress("searching")
        for (number, question) in questions.enumerated() {
            let hits = try await parley.search.measured(question.text, limit: Self.found, scope)
            let rest = hits.filter { !question.documents.contains($0.documentName) }
            let kind: Kind = question.isForeign ? .foreign : question.documents.isEmpty ? .unanswerable : .answerable
            let variants = kind == .answerable ? [(kind, hits), (.leftOut, rest)] : [(kind, hits)]
            for (kind, hits) in variants {
                let shown = Array(hits.prefix(Self.passages))
                guard let signals = try await parley.search.signals(question.text, passages: shown, scope) else { continue }
                cases.append(Case(kind: kind, isTest: Self.isTest(question.id), signals: signals))
            }
            progress.show(number + 1, of: questions.count)
        }
        return cases
    }

    /// By a hash of the id (FNV-1a, mixed as MurmurHash3 does), so that the same questions test every time.
    static func isTest(_ id: String) -> Bool {
        var hash = id.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }  // fits: bytes
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return (hash >> 33) & 1 == 1
    }
}
