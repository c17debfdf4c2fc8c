/// One row of a result.
public struct Row: Sendable {
    @usableFromInline let columns: Columns
    @usableFromInline let values: [SQLValue]

    /// The column's value.
    /// - Throws: `DatabaseError` when there is no such column or its value is of another type.
    @inlinable public subscript<Value: SQLValueConvertible>(_ column: String) -> Value {
        get throws {
            guard let value = Value(sqlValue: try value(of: column)) else { throw Self.mismatch(column, Value.self) }
            return value
        }
    }

    @usableFromInline func value(of column: String) throws -> SQLValue {
        guard let index = columns.index(of: column), index < values.count else {
            throw DatabaseError(.other, "the result has no column \(column)")
        }
        return values[index]
    }

    @usableFromInline static func mismatch(_ column: String, _ type: Any.Type) -> DatabaseError {
        DatabaseError(.other, "column \(column) does not hold a \(type)")
    }
}

/// The names of a result's columns, shared by its rows.
@usableFromInline final class Columns: Sendable {
    private let indexes: [String: Int]

    init(_ names: [String]) { indexes = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first } }

    func index(of name: String) -> Int? { indexes[name] }
}
