/// A statement, or a piece of one, whose values are bound and never become text:
/// `"SELECT name FROM users WHERE id = \(id)"`.
public struct SQL: Sendable {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
    }

    private(set) var parts: [Part] = []
    /// Whether the text is worth keeping prepared: it is not when its length depends on values, or it runs once.
    private(set) var isReusable = true

    /// One after the other.
    public static func + (a: SQL, b: SQL) -> SQL {
        var sum = a
        sum.parts += b.parts
        sum.isReusable = a.isReusable && b.isReusable
        return sum
    }

    /// The statement with placeholders as the dialect writes them.
    func rendered(for dialect: Dialect) -> Statement {
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
        return Statement(text: text, values: values, isReusable: isReusable)
    }
}

/// What an engine gets: text with placeholders, and the values in their order.
struct Statement {
    let text: String
    let values: [SQLValue]
    let isReusable: Bool
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) { parts = [.text(text)] }

    public init(stringInterpolation: StringInterpolation) {
        (parts, isReusable) = (stringInterpolation.parts, stringInterpolation.isReusable)
    }

    /// Text the program wrote, as it is; runs once. Never for what came from outside.
    public init(raw text: String) { (parts, isReusable) = ([.text(text)], false) }

    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var parts: [Part] = []
        var isReusable = true

        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(interpolationCount * 2 + 1) }

        public mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }

        /// A bound value.
        public mutating func appendInterpolation(_ value: some SQLValueConvertible) { parts.append(.value(value.sqlValue)) }

        /// A bound value, or NULL.
        public mutating func appendInterpolation<Value: SQLValueConvertible>(_ value: Value?) { parts.append(.value(value.sqlValue)) }

        /// Bound values in parentheses, for `IN`, at most some 30,000; an empty list matches nothing. A short list is filled up with
        /// its last value to one of a few lengths, so that the statement can be kept prepared.
        public mutating func appendInterpolation<Value: SQLValueConvertible>(list values: [Value]) {
            guard let last = values.last else { return parts.append(.text("(NULL)")) }
            let length = Self.keptLengths.first { $0 >= values.count }
            isReusable = isReusable && length != nil
            parts.append(.text("("))
            for index in 0..<(length ?? values.count) {
                if index > 0 { parts.append(.text(", ")) }
                parts.append(.value((index < values.count ? values[index] : last).sqlValue))
            }
            parts.append(.text(")"))
        }

        private static let keptLengths = [1, 4, 16, 64, 128]

        /// Another piece of SQL.
        public mutating func appendInterpolation(fragment: SQL) {
            parts += fragment.parts
            isReusable = isReusable && fragment.isReusable
        }

        /// Text the program wrote, as it is. Never for what came from outside.
        public mutating func appendInterpolation(raw text: String) { parts.append(.text(text)) }
    }
}
