import Foundation
import ParleyCore

/// Holds JSON to the JSON Schemas of an OpenAPI document: the keywords that our documents use, and a complaint about any other. It is
/// stricter than the schemas of answers, which are open to what may come: nothing undeclared is answered as yet.
struct SchemaValidator {
    let document: JSONValue

    /// What is wrong, each with its place; empty when the value is as the schema says.
    func complaints(_ value: JSONValue, _ schema: JSONValue, _ place: String = "") -> [String] {
        if let reference = schema["$ref"]?.string {
            let target = schema.resolved(in: document)
            return target == .null ? ["\(place): \(reference) leads nowhere"] : complaints(value, target, place)
        }
        if let alternatives = schema["anyOf"]?.array {
            let each = alternatives.map { complaints(value, $0, place) }
            return each.contains([]) ? [] : each.first ?? []
        }
        let types = schema["type"].map { $0.array ?? [$0] }?.compactMap(\.string)
        if let types, !types.contains(where: { isOf($0, value) }) {
            return ["\(place): \(value.text.prefix(80)) is not \(types.joined(separator: " or "))"]
        }
        let unknown = Set(schema.object?.keys.map { $0 } ?? []).subtracting(Self.keywords).map { "\(place): unknown keyword \($0)" }
        return unknown + scalar(value, schema, place) + list(value, schema, place) + object(value, schema, place)
    }

    private static let keywords: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "enum", "pattern", "minLength",
        "maxLength", "minimum", "maximum", "format", "writeOnly", "default", "description", "examples", "x-extensible-enum",
    ]

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "null": value == .null
        case "integer": value.int != nil
        default: value.double != nil
        }
    }

    private func scalar(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        var found: [String] = []
        if let allowed = (schema["enum"] ?? schema["x-extensible-enum"])?.array, !allowed.contains(value) {
            found.append("\(place): \(value.text) is none of the values")
        }
        if let number = value.double {
            if let minimum = schema["minimum"]?.double, number < minimum { found.append("\(place): \(number) is less than \(minimum)") }
            if let maximum = schema["maximum"]?.double, number > maximum { found.append("\(place): \(number) is more than \(maximum)") }
        }
        guard let text = value.string else { return found }
        let count = Int64(text.unicodeScalars.count)
        if count < schema["minLength"]?.int ?? 0 || count > schema["maxLength"]?.int ?? .max {
            found.append("\(place): \(count) characters")
        }
        if let pattern = schema["pattern"]?.string, text.range(of: pattern, options: .regularExpression) == nil {
            found.append("\(place): \(text) does not match \(pattern)")
        }
        if schema["format"] == "date-time", Timestamp(rfc3339: text) == nil { found.append("\(place): \(text) is no moment") }
        return found
    }

    private func list(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard let items = value.array else { return [] }
        let count = Int64(items.count)
        let isWrong = count < schema["minItems"]?.int ?? 0 || count > schema["maxItems"]?.int ?? .max
        guard let element = schema["items"] else { return isWrong ? ["\(place): \(count) items"] : [] }
        return (isWrong ? ["\(place): \(count) items"] : []) + items.enumerated().flatMap { complaints($1, element, "\(place)/\($0)") }
    }

    private func object(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard let members = value.object else { return [] }
        var found = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }.map { "\(place): no \($0)" }
        for (name, member) in members {
            if let property = schema["properties"]?[name] {
                found += complaints(member, property, "\(place)/\(name)")
            } else if let others = schema["additionalProperties"], others.object != nil {
                found += complaints(member, others, "\(place)/\(name)")
            } else if schema["additionalProperties"] == false || schema["properties"] != nil {
                found.append("\(place): \(name) is not declared")
            }
        }
        return found
    }
}
