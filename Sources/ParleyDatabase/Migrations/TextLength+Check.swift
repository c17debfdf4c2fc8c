public import ParleyCore

extension TextLength {
    /// The constraint of a column that holds such a text. Both engines count scalars, as `contains` does.
    public func check(_ column: String) -> String { "CHECK (length(\(column)) BETWEEN \(range.lowerBound) AND \(range.upperBound))" }
}
