import ParleyCore

extension SchemaShape {
    /// The form as a JSON Schema (2020-12, as OpenAPI 3.1 takes it). Named objects are references.
    var jsonSchema: JSONValue {
        switch self {
        case .any, .nothing: [:]
        case .boolean: ["type": "boolean"]
        case .string(let length, let pattern): Self.string(length, pattern)
        case .integer(let range): ["type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound))]
        case .number(let range): Self.number(range)
        case .timestamp: ["type": "string", "format": "date-time"]
        case .identifier(let prefix): ["type": "string", "pattern": .string("^\(prefix)_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
        case .enumeration(let names): ["type": "string", "enum": .array(names.map { .string($0) })]
        case .array(let element, let count):
            [
                "type": "array", "items": element.jsonSchema, "minItems": .int(Int64(count.lowerBound)),
                "maxItems": .int(Int64(count.upperBound)),
            ]
        case .map(let element): ["type": "object", "additionalProperties": element.jsonSchema]
        case .nullable(let shape): ["anyOf": [shape.jsonSchema, ["type": "null"]]]
        case .defaulted(let shape, let value): shape.jsonSchema.adding("default", value)
        case .change(let shape): shape.jsonSchema
        case .object(let object): ["$ref": .string("#/components/schemas/\(object.name)")]
        case .page(let item, _): Self.page(item)
        case .bytes: ["type": "string", "format": "binary"]
        case .events: ["type": "string", "description": "Server-sent events."]
        }
    }

    private static func string(_ length: ClosedRange<Int>, _ pattern: String?) -> JSONValue {
        let schema: JSONValue = [
            "type": "string", "maxLength": .int(Int64(length.upperBound)), "minLength": .int(Int64(length.lowerBound)),
        ]
        return pattern.map { schema.adding("pattern", .string($0)) } ?? schema
    }

    private static func number(_ range: ClosedRange<Double>) -> JSONValue {
        guard range.upperBound < .greatestFiniteMagnitude else { return ["type": "number"] }
        return ["type": "number", "minimum": .double(range.lowerBound), "maximum": .double(range.upperBound)]
    }

    private static func page(_ item: SchemaShape) -> JSONValue {
        [
            "type": "object", "required": ["items", "page"],
            "properties": ["items": ["type": "array", "items": item.jsonSchema], "page": ["$ref": "#/components/schemas/PageInfo"]],
        ]
    }

    /// The named objects within, itself included.
    var objects: [ObjectShape] {
        switch self {
        case .object(let object): [object] + object.members.flatMap(\.shape.objects)
        case .array(let shape, _), .map(let shape), .nullable(let shape), .defaulted(let shape, _), .change(let shape), .page(let shape, _):
            shape.objects
        case .events(let kinds): kinds.flatMap(\.data.objects)
        default: []
        }
    }
}

extension ObjectShape {
    /// The object's own JSON Schema.
    var jsonSchema: JSONValue {
        let properties = members.map { member in
            (
                member.name,
                member.description.isEmpty
                    ? member.shape.jsonSchema : member.shape.jsonSchema.adding("description", .string(member.description))
            )
        }
        return [
            "type": "object", "description": .string(description), "additionalProperties": .bool(isOpen),
            "required": .array(members.filter(\.isRequired).map { .string($0.name) }),
            "properties": .object(Dictionary(properties) { first, _ in first }), "examples": [example],
        ]
    }
}

extension JSONValue {
    /// An object with one more member; any other value as it is.
    func adding(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

/// All named objects of the endpoints.
struct Components {
    private(set) var schemas: [String: ObjectShape] = [:]
    /// Names that stand for more than one form.
    private(set) var conflicts: [String] = []

    init(_ endpoints: [Endpoint]) {
        for object in endpoints.flatMap({ ($0.input?.objects ?? []) + $0.output.objects + $0.otherSuccesses.values.flatMap(\.objects) }) {
            if let known = schemas[object.name], known.form != object.form { conflicts.append(object.name) }
            schemas[object.name] = object
        }
    }
}

extension ObjectShape {
    /// What must agree when two types share a name.
    fileprivate var form: JSONValue {
        guard case .object(var members) = jsonSchema else { return .null }
        members["examples"] = nil
        return .object(members)
    }
}
