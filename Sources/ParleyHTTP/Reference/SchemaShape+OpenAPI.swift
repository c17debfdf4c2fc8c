import ParleyCore

/// Which way a form goes. What is sent to the server is closed, so that mistakes are told; what it answers is open for members and values
/// to come, and has all members that are always there.
struct WireSide: Sendable {
    let isSent: Bool
    /// Objects that go both ways; the sent form has a name of its own.
    let shared: Set<String>

    /// The name of an object's form among the components.
    func name(of object: ObjectShape) -> String { isSent && shared.contains(object.name) ? object.name + "Input" : object.name }

    /// For what holds no objects, such as parameters.
    static let parameters = WireSide(isSent: true, shared: [])
}

extension SchemaShape {
    /// The form as a JSON Schema (2020-12, as OpenAPI 3.1 takes it). Named objects are references.
    func jsonSchema(_ side: WireSide) -> JSONValue {
        switch self {
        case .any, .nothing: [:]
        case .boolean: ["type": "boolean"]
        case .string(let length, let pattern): Self.string(length, pattern)
        case .integer(let range): ["type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound))]
        case .number(let range): Self.number(range)
        case .timestamp: ["type": "string", "format": "date-time"]
        case .identifier(let prefix): ["type": "string", "pattern": .string("^\(prefix)_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
        case .enumeration(let names): Self.choice(names, side)
        case .array(let element, let count):
            [
                "type": "array", "items": element.jsonSchema(side), "minItems": .int(Int64(count.lowerBound)),
                "maxItems": .int(Int64(count.upperBound)),
            ]
        case .map(let element): ["type": "object", "additionalProperties": element.jsonSchema(side)]
        case .secret(let shape): Self.secret(shape.jsonSchema(side), side)
        case .nullable(let shape): ["anyOf": [shape.jsonSchema(side), ["type": "null"]]]
        case .defaulted(let shape, let value): side.isSent ? shape.jsonSchema(side).adding("default", value) : shape.jsonSchema(side)
        case .change(let shape): shape.jsonSchema(side)
        case .object(let object): ["$ref": .string("#/components/schemas/\(side.name(of: object))")]
        case .page(let item, _): Self.page(item, side)
        case .bytes: ["type": "string", "format": "binary"]
        case .events: ["type": "string", "description": "Server-sent events."]
        }
    }

    /// One of these values. In an answer there may be others by and by, which `x-extensible-enum` says (Zalando's guidelines, rule 112).
    static func choice(_ names: [String], _ side: WireSide) -> JSONValue {
        ["type": "string", side.isSent ? "enum" : "x-extensible-enum": .array(names.map { .string($0) })]
    }

    /// A secret that is sent is never answered; tools show it as dots.
    private static func secret(_ schema: JSONValue, _ side: WireSide) -> JSONValue {
        let hidden = schema.adding("format", "password")
        return side.isSent ? hidden.adding("writeOnly", true) : hidden
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

    private static func page(_ item: SchemaShape, _ side: WireSide) -> JSONValue {
        [
            "type": "object", "required": ["items", "page"],
            "properties": ["items": ["type": "array", "items": item.jsonSchema(side)], "page": ["$ref": "#/components/schemas/PageInfo"]],
        ]
    }

    /// The named objects within, itself included.
    var objects: [ObjectShape] {
        switch self {
        case .object(let object): [object] + object.members.flatMap(\.shape.objects)
        case .array(let shape, _), .map(let shape), .nullable(let shape), .defaulted(let shape, _), .change(let shape), .secret(let shape),
            .page(let shape, _):
            shape.objects
        case .events(let kinds): kinds.flatMap(\.data.objects)
        default: []
        }
    }
}

extension ObjectShape {
    /// The object's own JSON Schema.
    func jsonSchema(_ side: WireSide) -> JSONValue {
        let properties = members.map { member in
            let schema = member.shape.jsonSchema(side)
            return (member.name, member.description.isEmpty ? schema : schema.adding("description", .string(member.description)))
        }
        // What is answered has all its members but the related resources, which come when they are asked for.
        let required = members.filter { side.isSent ? $0.isRequired : !$0.isRelated }
        let schema: JSONValue = [
            "type": "object", "description": .string(description), "required": .array(required.map { .string($0.name) }),
            "properties": .object(Dictionary(properties) { first, _ in first }), "examples": [example],
        ]
        return side.isSent && !isOpen ? schema.adding("additionalProperties", false) : schema
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
