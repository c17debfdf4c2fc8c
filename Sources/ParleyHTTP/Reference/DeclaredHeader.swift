import ParleyCore

/// A header of requests or of answers, declared once in the OpenAPI document for all that refer to it.
struct DeclaredHeader: Sendable {
    /// Its name among the components; the header's own unless there are several forms of it.
    let key: String
    let name: String
    let description: String
    let schema: JSONValue
    let isRequired: Bool

    init(
        _ name: String, as key: String? = nil, _ description: String, _ schema: JSONValue = ["type": "string"], isRequired: Bool = false
    ) {
        (self.key, self.name, self.description, self.schema, self.isRequired) = (key ?? name, name, description, schema, isRequired)
    }

    /// As a request's parameter.
    var parameter: JSONValue {
        ["name": .string(name), "in": "header", "required": .bool(isRequired), "description": .string(description), "schema": schema]
    }

    /// As an answer's header.
    var header: JSONValue { ["description": .string(description), "required": .bool(isRequired), "schema": schema] }

    var parameterReference: JSONValue { ["$ref": .string("#/components/parameters/\(key)")] }
    var headerReference: JSONValue { ["$ref": .string("#/components/headers/\(key)")] }
}

extension [DeclaredHeader] {
    /// References under the headers' names.
    var references: JSONValue { .object(Dictionary(map { ($0.name, $0.headerReference) }) { first, _ in first }) }
}
