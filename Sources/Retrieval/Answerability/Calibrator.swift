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

    /// - Parameter falseRefusals: the share of answerable questions that may be refused; the threshold is as high as this allows.
    /// - Returns: nil without samples of both kinds.
    public static func calibration(_ samples: [Sample], falseRefusals: Double) -> AnswerCalibration? {
        let answerable = samples.filter(\.isAnswerable).count
        guard answerable > 0, answerable < samples.count else { return nil }
        // Both kinds weigh the same, however many there are of each.
        let share = [false: 0.5 / Double(samples.count - answerable), true: 0.5 / Double(answerable)]
        var weights = [0.0, 0.0, 0.0]
        for _ in 0..<rounds {
            var gradient = weights.map { -ridge * $0 / Double(samples.count) }
            var curvature = (0..<3).map { row in (0..<3).map { $0 == row ? ridge / Double(samples.count) : 0 } }
            for sample in samples {
                let x = sample.signals.values
                let p = 1 / (1 + exp(-zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }))
                let weight = share[sample.isAnswerable] ?? 0
                for row in 0..<3 {
                    gradient[row] += weight * ((sample.isAnswerable ? 1 : 0) - p) * x[row]
                    for column in 0..<3 { curvature[row][column] += weight * p * (1 - p) * x[row] * x[column] }
                }
            }
            guard let step = solve(curvature, gradient) else { break }
            for row in 0..<3 { weights[row] += step[row] }
            if step.allSatisfy({ abs($0) < 1e-9 }) { break }
        }
        let fitted = AnswerCalibration(weights: weights, threshold: 0.5, questions: samples.count)
        let probabilities = samples.filter(\.isAnswerable).map { fitted.probability($0.signals) }.sorted()
        let refused = min(Int(falseRefusals * Double(probabilities.count)), probabilities.count - 1)
        return AnswerCalibration(weights: weights, threshold: probabilities[refused], questions: samples.count)
    }

    /// Gaussian elimination with pivots; nil when the equations have no single solution.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var rows = zip(matrix, right).map { $0 + [$1] }
        let n = rows.count
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }), abs(rows[pivot][column]) > 1e-12
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
