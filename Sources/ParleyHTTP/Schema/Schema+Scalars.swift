import Foundation
public import ParleyCore

extension Schema where Value == String {
    /// Text.
    /// - Parameters:
    ///   - length: in Unicode scalars, as JSON Schema counts.
    ///   - pattern: a regular expression that must match somewhere in the text; anchor it with `^` and `$`.
    ///   - hint: what the pattern means, told when it does not match ("must be …").
    public static func string(_ length: ClosedRange<Int> = 0...65_536, pattern: String? = nil, hint: String? = nil) -> Self {
        let expression = pattern.flatMap { try? NSRegularExpression(pattern: $0) }
        return Self(.string(length: length, pattern: pattern)) { json, pointer, errors in
            guard let text = json.string else { return errors.refuse(pointer, "must be a string") }
            let count =
                text.utf8.count <= length.upperBound && text.utf8.count < length.lowerBound ? text.utf8.count : text.unicodeScalars.count
            guard length.contains(count) else { return errors.refuse(pointer, Self.lengthRule(length)) }
            guard !text.utf8.contains(0) else { return errors.refuse(pointer, "must not contain the character U+0000") }
            if let expression, expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) == nil {
                return errors.refuse(pointer, hint ?? "must match \(pattern ?? "")")
            }
            return text
        } write: { value, writer in
            writer.write(value)
        }
    }

    /// Text of a length that the database holds it to as well.
    public static func string(_ length: TextLength) -> Self { string(length.range) }

    private static func lengthRule(_ length: ClosedRange<Int>) -> String {
        if length.lowerBound == 0 { return "must have at most \(length.upperBound) characters" }
        if length.lowerBound == length.upperBound { return "must have exactly \(length.lowerBound) characters" }
        return "must have \(length.lowerBound) to \(length.upperBound) characters"
    }
}

extension Schema where Value == Int {
    /// A whole number; a fraction is refused.
    public static func int(_ range: ClosedRange<Int> = -(1 << 53)...(1 << 53)) -> Self {
        Self(.integer(range)) { json, pointer, errors in
            let number = json.int.flatMap { Int(exactly: $0) } ?? json.double.flatMap { Int(exactly: $0) }
            guard let number else { return errors.refuse(pointer, "must be a whole number") }
            guard range.contains(number) else {
                return errors.refuse(pointer, "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        } write: { value, writer in
            writer.write(value)
        }
    }
}

extension Schema where Value == Double {
    public static func double(_ range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude) -> Self {
        Self(.number(range)) { json, pointer, errors in
            guard let number = json.double else { return errors.refuse(pointer, "must be a number") }
            guard range.contains(number) else {
                return errors.refuse(pointer, "must be from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        } write: { value, writer in
            writer.write(value)
        }
    }
}

extension Schema where Value == Bool {
    public static func bool() -> Self {
        Self(.boolean) { json, pointer, errors in
            json.bool ?? errors.refuse(pointer, "must be true or false")
        } write: { value, writer in
            writer.write(value)
        }
    }
}

extension Schema where Value == Timestamp {
    /// A moment, RFC 3339 in UTC.
    public static func timestamp() -> Self {
        Self(.timestamp) { json, pointer, errors in
            json.string.flatMap { Timestamp(rfc3339: $0) } ?? errors.refuse(pointer, "must be a moment such as 2026-11-22T09:30:00.000Z")
        } write: { value, writer in
            writer.write(value)
        }
    }
}

extension Schema where Value == JSONValue {
    /// Any JSON value, taken as it is.
    public static func json() -> Self {
        Self(.any) { json, _, _ in
            json
        } write: { value, writer in
            writer.write(value)
        }
    }
}

extension Schema where Value == [UInt8] {
    /// Any JSON value, kept as its text: what waits takes no more memory than it came with, and is gone at once.
    static func jsonText() -> Self {
        Self(.any) { json, _, _ in
            var text: [UInt8] = []
            JSONBytes.append(json, to: &text)
            return text
        } write: { text, writer in
            writer.raw(text)
        }
    }
}

extension Schema {
    /// A typed identifier.
    public static func id<Kind>() -> Self where Value == Identifier<Kind> {
        Self(.identifier(prefix: Kind.prefix)) { json, pointer, errors in
            json.string.flatMap { Identifier($0) } ?? errors.refuse(pointer, "must be an identifier that starts with \(Kind.prefix)_")
        } write: { value, writer in
            writer.write(value.description)
        }
    }

    /// One of the type's raw values.
    public static func enumeration() -> Self where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        let names = Value.allCases.map(\.rawValue)
        return Self(.enumeration(names)) { json, pointer, errors in
            json.string.flatMap { Value(rawValue: $0) } ?? errors.refuse(pointer, "must be one of \(names.joined(separator: ", "))")
        } write: { value, writer in
            writer.write(value.rawValue)
        }
    }
}
