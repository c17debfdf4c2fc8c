/// One row of a result.
public struct Row: Sendable {
    let columns: Columns
    let values: [SQLValue]

    /// The column's value.
    /// - Throws: `DatabaseError` when there is no such column or its value is of another type.
    public subscript<Value: SQLValueConvertible>(_ column: String) -> Value {
        get throws {
            guard let index = columns.index(of: column), index < values.count else {
                throw DatabaseError(.other, "the result has no column \(column)")
            }
            guard let value = Value(sqlValue: values[index]) else {
                throw DatabaseError(.other, "column \(column) does not hold a \(Value.self)")
            }
            return value
        }
    }
}

/// The names of a result's columns, shared by its rows.
final class Columns: Sendable {
    private let indexes: [String: Int]

    init(_ names: [String]) { indexes = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first } }

    func index(of name: String) -> Int? { indexes[name] }
}
