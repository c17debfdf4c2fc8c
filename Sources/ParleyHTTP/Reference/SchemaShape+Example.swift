import ParleyCore

extension SchemaShape {
    /// A value of this form for the documentation, the same every time. Named objects have one that was written by hand.
    var example: JSONValue {
        switch self {
        case .any: [:]
        case .nothing, .bytes, .events: .null
        case .boolean: true
        case .string(let length, _): .string(String("text".prefix(max(0, length.upperBound))))
        case .integer(let range): .int(Int64(min(max(1, range.lowerBound), range.upperBound)))
        case .number(let range): .double(min(max(0.5, range.lowerBound), range.upperBound))
        case .timestamp: "2026-11-23T09:30:00.000Z"
        case .identifier(let prefix): .string("\(prefix)_\(ExampleIdentifiers.suffix)")
        case .enumeration(let names): .string(names.first ?? "")
        case .array(let element, let count): count.upperBound == 0 ? [] : [element.example]
        case .map(let element): ["name": element.example]
        case .nullable(let shape), .change(let shape), .secret(let shape): shape.example
        case .defaulted(_, let value): value
        case .object(let object): object.example
        case .page(let item, _):
            [
                "items": [item.example],
                "page": ["next_cursor": .null, "prev_cursor": .null, "has_more": false, "total": .null],
            ]
        }
    }
}
