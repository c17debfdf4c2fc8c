/// A statement, or a piece of one, whose values are bound and never become text:
/// `"SELECT name FROM users WHERE id = \(id)"`.
public struct SQL: Sendable {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
    }

    private(set) var parts: [Part] = []

    /// One after the other.
    public static func + (a: SQL, b: SQL) -> SQL {
        var sum = a
        sum.parts += b.parts
        return sum
    }

    /// The text with placeholders as the dialect writes them, and the values in their order.
    func rendered(for dialect: Dialect) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .value(let value):
                values.append(value)
                text += dialect == .sqlite ? "?" : "$\(values.count)"
            }
        }
        return (text, values)
    }
}

/// Which engine a database is.
public enum Dialect: String, Sendable, CaseIterable {
    case sqlite, postgres
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) { parts = [.text(text)] }
    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// Text the program wrote, as it is. Never for what came from outside.
    public init(raw text: String) { parts = [.text(text)] }

    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(interpolationCount * 2 + 1) }

        public mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }

        /// A bound value.
        public mutating func appendInterpolation(_ value: some SQLValueConvertible) { parts.append(.value(value.sqlValue)) }

        /// A bound value, or NULL.
        public mutating func appendInterpolation<Value: SQLValueConvertible>(_ value: Value?) { parts.append(.value(value.sqlValue)) }

        /// Bound values in parentheses; an empty list matches nothing.
        public mutating func appendInterpolation<Value: SQLValueConvertible>(list values: [Value]) {
            parts.append(.text(values.isEmpty ? "(NULL" : "("))
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.value(value.sqlValue))
            }
            parts.append(.text(")"))
        }

        /// Another piece of SQL.
        public mutating func appendInterpolation(fragment: SQL) { parts += fragment.parts }

        /// Text the program wrote, as it is. Never for what came from outside.
        public mutating func appendInterpolation(raw text: String) { parts.append(.text(text)) }
    }
}
