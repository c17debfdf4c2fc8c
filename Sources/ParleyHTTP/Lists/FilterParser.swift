import ParleyCore

/// Reads `filter=`: conditions with `;` between, all of which must hold, such as `state=ready,failed;size>=1000;name~"office hours"`.
///
///     filter    = condition *( ";" condition )
///     condition = field ( "=" / "!=" ) value *( "," value )      ; one, or none, of a set
///               / field ( "<" / "<=" / ">" / ">=" ) value        ; numbers and moments
///               / field "~" value                                ; text that holds another
///     value     = bare text without ; and , / quoted text: "…" with \" and \\ / null
struct FilterParser {
    private static let conditionLimit = 20
    private static let valueLimit = 100
    private static let operators = ["!=", "<=", ">=", "=", "<", ">", "~"]

    let shape: ListShape
    private(set) var conditions: [ListCondition] = []
    /// What is wrong; a pointer such as `filter/1` names the condition by its number, from 0.
    private(set) var errors: [FieldError] = []

    init(_ text: String, _ shape: ListShape) {
        self.shape = shape
        let parts = Self.split(text, at: ";")
        guard parts.count <= Self.conditionLimit else {
            errors = [FieldError("filter", "must have at most \(Self.conditionLimit) conditions")]
            return
        }
        for (index, part) in parts.enumerated() {
            do throws(Complaint) { conditions.append(try condition(part)) } catch {
                errors.append(FieldError("filter/\(index)", error.text))
            }
        }
    }

    /// Why one condition cannot be read.
    private struct Complaint: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private func condition(_ source: Substring) throws(Complaint) -> ListCondition {
        let text = source.drop { $0 == " " }
        let name = text.prefix { $0.isLetter || $0 == "_" || $0 == "." }.trimmingSpaces
        let rest = text.drop { $0.isLetter || $0 == "_" || $0 == "." }.drop { $0 == " " }
        guard let field = shape[name] else {
            let known = shape.fields.map(\.name).joined(separator: ", ")
            throw Complaint("\(name.isEmpty ? "the condition" : name) names no field of this filter; there is \(known)")
        }
        guard let sign = Self.operators.first(where: rest.hasPrefix) else {
            throw Complaint("wants one of = != < <= > >= ~ after \(name)")
        }
        let texts = Self.split(rest.dropFirst(sign.count), at: ",")
        guard texts.count <= Self.valueLimit else { throw Complaint("must have at most \(Self.valueLimit) values") }
        var values: [ListValue] = []
        for text in texts { values.append(try value(text, field)) }
        return ListCondition(name, try test(sign, values, field))
    }

    private func test(_ sign: String, _ values: [ListValue], _ field: ListField) throws(Complaint) -> ListCondition.Test {
        if sign == "=" { return .isOneOf(values) }
        if sign == "!=" { return .isNoneOf(values) }
        guard values.count == 1, let value = values.first, value != .null else { throw Complaint("takes one value after \(sign)") }
        if sign == "~" {
            guard field.kind == .text, case .text(let text) = value else { throw Complaint("~ is for texts, which \(field.name) is not") }
            return .contains(text)
        }
        guard field.kind == .int || field.kind == .real || field.kind == .time else {
            throw Complaint("\(sign) is for numbers and moments, which \(field.name) is not")
        }
        switch sign {
        case "<": return .isLess(value)
        case "<=": return .isAtMost(value)
        case ">": return .isGreater(value)
        default: return .isAtLeast(value)
        }
    }

    private func value(_ source: Substring, _ field: ListField) throws(Complaint) -> ListValue {
        let trimmed = source.trimmingSpaces
        if trimmed == "null", field.isNullable { return .null }
        let text = try Self.unquoted(trimmed)
        guard !text.isEmpty || trimmed.hasPrefix("\"") else { throw Complaint("has an empty value; write \"\" for an empty text") }
        guard text.utf8.count <= 1000, !text.utf8.contains(0) else { throw Complaint("has a value that is too long or not text") }
        switch field.kind {
        case .text, .id, .labels: return .text(text)
        case .choice(let names):
            guard names.contains(text) else { throw Complaint("\(text) is not one of \(names.joined(separator: ", "))") }
            return .text(text)
        case .int:
            guard let number = Int64(text) else { throw Complaint("\(text) is not a whole number") }
            return .int(number)
        case .real:
            guard let number = Double(text), number.isFinite else { throw Complaint("\(text) is not a number") }
            return .real(number)
        case .bool:
            guard let flag = Bool(text) else { throw Complaint("\(text) is neither true nor false") }
            return .bool(flag)
        case .time:
            guard let moment = Self.moment(text) else {
                throw Complaint("\(text) is not a moment such as 2026-11-22T09:30:00Z or 2026-11-22")
            }
            return .time(moment)
        }
    }

    /// RFC 3339, or a day, which stands for its first moment in UTC.
    private static func moment(_ text: String) -> Timestamp? {
        Timestamp(rfc3339: text.utf8.count == 10 ? text + "T00:00:00Z" : text)
    }

    private static func unquoted(_ text: String) throws(Complaint) -> String {
        guard text.hasPrefix("\"") else { return text }
        guard text.count >= 2, text.hasSuffix("\"") else { throw Complaint("has a quoted value without its closing quote") }
        var (result, isEscaped) = ("", false)
        for character in text.dropFirst().dropLast() {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else if !isEscaped, character == "\"" {
                throw Complaint("has a quote within a quoted value; write \\\" for it")
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        guard !isEscaped else { throw Complaint("has a quoted value without its closing quote") }
        return result
    }

    /// Splits outside of quotes.
    private static func split(_ text: some StringProtocol, at separator: Character) -> [Substring] {
        let text = Substring(text)
        var (parts, start, isQuoted, isEscaped): ([Substring], String.Index, Bool, Bool) = ([], text.startIndex, false, false)
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }
}
