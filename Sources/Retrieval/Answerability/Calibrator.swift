import Foundation

/// Learns a calibration: logistic regression by Newton's method, with a light ridge so that separable samples stay finite.
public struct Calibrator: Sendable {
    /// A question with what its search told.
    public struct Sample: Sendable {
        public let signals: AnswerSignals
        /// Whether the documents answer it.
        public let isAnswerable: Bool

        public init(signals: AnswerSignals, isAnswerable: Bool) { (self.signals, self.isAnswerable) = (signals, isAnswerable) }
    }

    private static let rounds = 50
    private static let ridge = 0.01

    /// - Parameters:
    ///   - collections: the samples of each collection of documents; the kinds weigh the same, and so do the collections within a kind.
    ///   - falseRefusals: the share of answerable questions that may be refused; the threshold is as high as this allows.
    ///   - doubted: the share of them that may be refused or doubted.
    /// - Returns: nil without samples of both kinds.
    public static func calibration(_ collections: [[Sample]], falseRefusals: Double, doubted: Double) -> AnswerCalibration? {
        let samples = weighed(collections)
        guard samples.contains(where: { $0.sample.isAnswerable }), samples.contains(where: { !$0.sample.isAnswerable }) else { return nil }
        let fitted = AnswerCalibration(weights: fit(samples), threshold: 0.5, doubt: 0.5, questions: samples.count)
        let answerable = samples.filter(\.sample.isAnswerable).map {
            (probability: fitted.probability($0.sample.signals), weight: $0.weight)
        }
        .sorted { $0.probability < $1.probability }
        func least(without share: Double) -> Double {
            var left = share * answerable.reduce(0) { $0 + $1.weight }
            return answerable.first { sample in
                left -= sample.weight
                return left < -1e-9
            }?.probability ?? answerable.last?.probability ?? 0
        }
        return AnswerCalibration(
            weights: fitted.weights, threshold: least(without: falseRefusals), doubt: least(without: max(doubted, falseRefusals)),
            questions: samples.count)
    }

    private static func weighed(_ collections: [[Sample]]) -> [(sample: Sample, weight: Double)] {
        [true, false].flatMap { kind in
            let groups = collections.map { $0.filter { $0.isAnswerable == kind } }.filter { !$0.isEmpty }
            return groups.flatMap { group in group.map { ($0, 0.5 / Double(groups.count) / Double(group.count)) } }
        }
    }

    private static func fit(_ samples: [(sample: Sample, weight: Double)]) -> [Double] {
        let places = 0..<(samples.first?.sample.signals.values.count ?? 0)
        var weights = places.map { _ in 0.0 }
        for _ in 0..<rounds {
            var gradient = weights.map { -ridge * $0 / Double(samples.count) }
            var curvature = places.map { row in places.map { $0 == row ? ridge / Double(samples.count) : 0 } }
            for (sample, weight) in samples {
                let x = sample.signals.values
                let p = 1 / (1 + exp(-zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }))
                for row in places {
                    gradient[row] += weight * ((sample.isAnswerable ? 1 : 0) - p) * x[row]
                    for column in places { curvature[row][column] += weight * p * (1 - p) * x[row] * x[column] }
                }
            }
            guard let step = solve(curvature, gradient) else { break }
            for row in places { weights[row] += step[row] }
            if step.allSatisfy({ $0.magnitude < 1e-9 }) { break }
        }
        return weights
    }

    /// Gaussian elimination with pivots; nil when the equations have no single solution.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        let n = rows.count
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { rows[$0][column].magnitude < rows[$1][column].magnitude }),
                rows[pivot][column].magnitude > 1e-12
            else { return nil }
            rows.swapAt(column, pivot)
            for row in 0..<n where row != column {
                let factor = rows[row][column] / rows[column][column]
                for index in column...n { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return (0..<n).map { rows[$0][n] / rows[$0][$0] }
    }
}
