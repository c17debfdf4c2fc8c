import ParleyCore
import ParleyDatabase
import ParleyIndex
import ParleyInference
import ParleyTesting
import Testing

@testable import Retrieval

@Suite struct CalibratorTests {
    /// Answerable questions have the higher scores, with some overlap.
    private static let samples = (0..<200).map { number in
        let isAnswerable = number.isMultiple(of: 2)
        let noise = Double((number * 7919) % 100) / 250
        return Calibrator.Sample(
            signals: AnswerSignals(
                similarity: (isAnswerable ? 0.5 : 0.2) + noise, coverage: (isAnswerable ? 0.6 : 0.3) + noise / 2,
                words: 2 + number % 9),
            isAnswerable: isAnswerable)
    }

    @Test func theThresholdKeepsToTheFalseRefusalsAllowed() throws {
        for allowed in [0.0, 0.05, 0.2] {
            let calibration = try #require(Calibrator.calibration([Self.samples], falseRefusals: allowed, doubted: 0.2))
            let refused = Self.samples.count { $0.isAnswerable && !calibration.judge($0.signals).isAnswerable }
            #expect(Double(refused) <= allowed * 100)
            let caught = Self.samples.count { !$0.isAnswerable && !calibration.judge($0.signals).isAnswerable }
            #expect(caught > 50, "higher scores make answers likelier: \(calibration.weights)")
        }
    }

    @Test func doubtLiesBetweenRefusalAndAnswer() throws {
        let calibration = try #require(Calibrator.calibration([Self.samples], falseRefusals: 0.05, doubted: 0.2))
        let stances = Self.samples.filter(\.isAnswerable).map { calibration.judge($0.signals).stance }
        #expect(stances.count { $0 == .refused } <= 5 && (10...20).contains(stances.count { $0 != .answered }))
        #expect(calibration.threshold < calibration.doubt)
    }

    @Test func aLargeCollectionDoesNotOutweighASmallOne() throws {
        let unlike = Self.samples.map { sample in
            let (old, isAnswerable) = (sample.signals, sample.isAnswerable)
            return Calibrator.Sample(
                signals: AnswerSignals(similarity: 1 - old.similarity, coverage: old.coverage, words: old.words), isAnswerable: isAnswerable
            )
        }
        let both = try #require(Calibrator.calibration([Self.samples, unlike], falseRefusals: 0.05, doubted: 0.2))
        let more = try #require(Calibrator.calibration([Self.samples + Self.samples, unlike], falseRefusals: 0.05, doubted: 0.2))
        let shares = [both, more].map { $0.weights[0] / $0.weights[1] }
        #expect(abs(shares[0] - shares[1]) < 0.01, "the one's contradicting the other counts as before: \(shares)")
    }

    @Test func withoutBothKindsNothingIsLearnt() {
        #expect(Calibrator.calibration([], falseRefusals: 0.1, doubted: 0.2) == nil)
        #expect(Calibrator.calibration([Self.samples.filter(\.isAnswerable)], falseRefusals: 0.1, doubted: 0.2) == nil)
    }

    @Test func separableSamplesStayFinite() throws {
        let samples = [(0.9, true), (0.8, true), (0.1, false), (0.2, false)].map {
            Calibrator.Sample(signals: AnswerSignals(similarity: $0.0, coverage: 1, words: 5), isAnswerable: $0.1)
        }
        let calibration = try #require(Calibrator.calibration([samples], falseRefusals: 0, doubted: 0))
        let areFinite = calibration.weights.allSatisfy { $0.isFinite }
        let areRight = samples.allSatisfy { calibration.judge($0.signals).isAnswerable == $0.isAnswerable }
        #expect(areFinite && areRight)
    }

    @Test func equationsAreSolved() {
        #expect(Calibrator.solve([[0, 2], [4, 0]], [2, 8]) == [2, 1])
        #expect(Calibrator.solve([[1, 2], [2, 4]], [1, 2]) == nil)
    }

    @Test(arguments: TestDatabases.all)
    func aCalibrationBelongsToItsSpace(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Shelf.migrations) { database in
            let now = Timestamp(milliseconds: 1)
            func identity(_ model: String) -> EmbeddingIdentity {
                EmbeddingIdentity(model: model, content: "66422201886bdcb6", runtime: "r", pooling: "mean", maxTokens: 256, dimensions: 3)
            }
            let (own, other) = (identity("all-MiniLM-L6-v2"), identity("other"))
            let stored = AnswerCalibration(weights: [1, 2, 3, 4], threshold: 0.4, doubt: 0.6, questions: 5)
            let found = try await database.write { connection in
                let store = AnswerCalibrationStore()
                let first = try EmbeddingStore().space(for: own, at: now, in: connection)
                let second = try EmbeddingStore().space(for: other, at: now, in: connection)
                let before = [
                    try store.calibration(of: first.id, in: connection), try store.calibration(of: second.id, in: connection),
                ]
                for _ in 0..<2 { try store.put(stored, of: second.id, at: now, in: connection) }
                return before + [try store.calibration(of: first.id, in: connection), try store.calibration(of: second.id, in: connection)]
            }
            #expect(found[0] != nil && found[0] == found[2], "the packaged model comes with one")
            #expect(found[1] == nil && found[3] == stored)
        }
    }
}
