public import ParleyCore

/// One value as it goes into a statement or comes out of a column.
public enum SQLValue: Hashable, Sendable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    case bool(Bool)
    /// Milliseconds in SQLite, `timestamptz` in PostgreSQL.
    case time(Timestamp)
    /// JSON text; `jsonb` in PostgreSQL.
    case json(String)
}

/// A type that stands in one column.
public protocol SQLValueConvertible {
    /// The value as it is bound.
    var sqlValue: SQLValue { get }
    /// Nil when the column's value is no such thing.
    init?(sqlValue: SQLValue)
}

extension Int: SQLValueConvertible {
    public var sqlValue: SQLValue { .int(Int64(self)) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self.init(exactly: value)
    }
}

extension Int64: SQLValueConvertible {
    public var sqlValue: SQLValue { .int(self) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .int(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Double: SQLValueConvertible {
    public var sqlValue: SQLValue { .real(self) }
    @inlinable public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .real(let value): self = value
        case .int(let value): self = Double(value)
        default: return nil
        }
    }
}

extension String: SQLValueConvertible {
    /// PostgreSQL knows no U+0000; it becomes U+FFFD on both engines, which keeps every offset as it is.
    public var sqlValue: SQLValue { .text(utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .text(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Bool: SQLValueConvertible {
    public var sqlValue: SQLValue { .bool(self) }
    @inlinable public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .bool(let value): self = value
        case .int(let value): self = value != 0
        default: return nil
        }
    }
}

extension [UInt8]: SQLValueConvertible {
    public var sqlValue: SQLValue { .blob(self) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .blob(let value) = sqlValue else { return nil }
        self = value
    }
}

extension Timestamp: SQLValueConvertible {
    public var sqlValue: SQLValue { .time(self) }
    @inlinable public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .time(let value): self = value
        case .int(let value): self.init(milliseconds: value)
        default: return nil
        }
    }
}

extension JSONValue: SQLValueConvertible {
    public var sqlValue: SQLValue {
        let text = text
        return .json(text.contains("\\u0000") ? withoutZeros.text : text)
    }

    private var withoutZeros: JSONValue {
        switch self {
        case .string(let text): .string(text.replacing("\0", with: "\u{FFFD}"))
        case .array(let values): .array(values.map(\.withoutZeros))
        case .object(let members):
            .object(Dictionary(members.map { ($0.replacing("\0", with: "\u{FFFD}"), $1.withoutZeros) }) { _, last in last })
        default: self
        }
    }

    @inlinable public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .json(let text), .text(let text): try? self.init(parsing: text.utf8, .stored)
        default: return nil
        }
    }
}

extension Identifier: SQLValueConvertible {
    public var sqlValue: SQLValue { .text(description) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }
}

extension Optional: SQLValueConvertible where Wrapped: SQLValueConvertible {
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
    @inlinable public init?(sqlValue: SQLValue) {
        if case .null = sqlValue {
            self = .none
        } else {
            guard let value = Wrapped(sqlValue: sqlValue) else { return nil }
            self = .some(value)
        }
    }
}

/// An enumeration of words is stored as its raw value; it conforms by one empty line.
extension SQLValueConvertible where Self: RawRepresentable, RawValue == String {
    public var sqlValue: SQLValue { .text(rawValue) }
    @inlinable public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(rawValue: text)
    }
}
