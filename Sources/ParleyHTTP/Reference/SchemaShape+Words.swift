import ParleyCore

extension SchemaShape {
    /// The form in a few words, for people.
    var words: String {
        switch self {
        case .any: "any JSON"
        case .boolean: "true or false"
        case .string(let length, let pattern): Self.text(length) + (pattern.map { ", matching \($0)" } ?? "")
        case .integer(let range): "whole number" + Self.bounds(range)
        case .number(let range):
            range.upperBound < .greatestFiniteMagnitude ? "number, \(range.lowerBound) to \(range.upperBound)" : "number"
        case .timestamp: "moment (RFC 3339)"
        case .identifier(let prefix): "identifier \(prefix)_…"
        case .enumeration(let names): "one of " + names.joined(separator: ", ")
        case .array(let element, _): "list of " + element.words
        case .map(let element): "object of " + element.words
        case .secret(let shape): shape.words + ", secret"
        case .nullable(let shape): shape.words + ", or null"
        case .defaulted(let shape, let value): shape.words + ", else \(value.text)"
        case .change(let shape): shape.words + "; left out, it stays as it is"
        case .object(let object): object.name
        case .page(let item, _): "page of " + item.words
        case .nothing: "nothing"
        case .bytes(let types, _): "bytes, " + types.joined(separator: " or ")
        case .events: "server-sent events"
        }
    }

    private static func text(_ length: ClosedRange<Int>) -> String {
        if length.upperBound >= 65_536 { return "text" }
        return length.lowerBound == 0
            ? "text, at most \(length.upperBound) characters" : "text, \(length.lowerBound) to \(length.upperBound) characters"
    }

    private static func bounds(_ range: ClosedRange<Int>) -> String {
        range.upperBound >= 1 << 53 || range.upperBound == Int(Int32.max) ? "" : ", \(range.lowerBound) to \(range.upperBound)"
    }
}
