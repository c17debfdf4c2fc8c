public import ParleyCore

extension ListSource {
    /// The SQL of one condition; every value is bound.
    func condition(_ condition: ListCondition) throws -> SQL {
        let column = try column(condition.field)
        let field = column.expression
        if case .labels = column.field.kind { return try labels(field, condition.test) }
        switch condition.test {
        case .isOneOf(let values): return Self.isOne(field, of: values)
        case .isNoneOf(let values): return Self.isNone(field, of: values)
        case .isLess(let value): return "\(fragment: field) < \(value)"
        case .isAtMost(let value): return "\(fragment: field) <= \(value)"
        case .isGreater(let value): return "\(fragment: field) > \(value)"
        case .isAtLeast(let value): return "\(fragment: field) >= \(value)"
        case .contains(let text): return "lower(\(fragment: field)) LIKE lower(\(Self.pattern(text))) ESCAPE '!'"
        }
    }

    /// Rows on the wanted side of a place. Where all fields go one way, one comparison of whole keys can walk an index.
    func after(_ place: ListPlace, _ order: [ListOrder]) throws -> SQL {
        guard place.key.count == order.count else { throw DatabaseError(.other, "the place is not one of this order") }
        let fields = try order.map { try expression($0.field) }
        let isDown = order.map { $0.isDescending != place.isBackwards }
        if Set(isDown).count == 1 {
            let sign: SQL = isDown[0] ? " < " : " > "
            return Self.row(fields) + sign + Self.row(place.key.map { "\($0)" })
        }
        var cases: [SQL] = []
        for index in fields.indices {
            let same = (0..<index).map { "\(fragment: fields[$0]) = \(place.key[$0]) AND " as SQL }.reduce("" as SQL, +)
            cases.append("(" + same + fields[index] + (isDown[index] ? " < " : " > ") + "\(place.key[index]))")
        }
        return "(" + cases.dropFirst().reduce(cases[0]) { $0 + " OR " + $1 } + ")"
    }

    func column(_ name: String) throws -> Column {
        guard let column = columns[name] else { throw DatabaseError(.other, "the list has no field \(name)") }
        return column
    }

    func expression(_ name: String) throws -> SQL { try column(name).expression }

    private static func row(_ parts: [SQL]) -> SQL {
        parts.count == 1 ? parts[0] : "(" + parts.dropFirst().reduce(parts[0]) { $0 + ", " + $1 } + ")"
    }

    private static func isOne(_ field: SQL, of values: [ListValue]) -> SQL {
        let present = values.filter { $0 != .null }
        guard present.count < values.count else { return "\(fragment: field) IN \(list: present)" }
        return present.isEmpty ? "\(fragment: field) IS NULL" : "(\(fragment: field) IS NULL OR \(fragment: field) IN \(list: present))"
    }

    private static func isNone(_ field: SQL, of values: [ListValue]) -> SQL {
        let present = values.filter { $0 != .null }
        guard present.count < values.count else {
            return "(\(fragment: field) IS NULL OR \(fragment: field) NOT IN \(list: present))"
        }
        return present.isEmpty
            ? "\(fragment: field) IS NOT NULL" : "(\(fragment: field) IS NOT NULL AND \(fragment: field) NOT IN \(list: present))"
    }

    private func labels(_ matching: SQL, _ test: ListCondition.Test) throws -> SQL {
        switch test {
        case .isOneOf(let values): return "EXISTS (\(fragment: matching) \(list: values))"
        case .isNoneOf(let values): return "NOT EXISTS (\(fragment: matching) \(list: values))"
        default: throw DatabaseError(.other, "labels cannot be compared so")
        }
    }

    private static func pattern(_ text: String) -> String {
        "%" + text.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_") + "%"
    }
}

extension ListValue: SQLValueConvertible {
    public var sqlValue: SQLValue {
        switch self {
        case .null: .null
        case .text(let value): value.sqlValue
        case .int(let value): .int(value)
        case .real(let value): .real(value)
        case .bool(let value): .bool(value)
        case .time(let value): .time(value)
        }
    }

    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .null: self = .null
        case .int(let value): self = .int(value)
        case .real(let value): self = .real(value)
        case .text(let value), .json(let value): self = .text(value)
        case .bool(let value): self = .bool(value)
        case .time(let value): self = .time(value)
        case .blob: return nil
        }
    }
}
