import ParleyCore

/// The answers in which endpoints tell errors. Those of several endpoints stand in the OpenAPI document once.
struct SharedErrors: Sendable {
    /// By their names among the components.
    let components: [String: JSONValue]

    /// Headers of what no endpoint answers by itself: another method than those of its path.
    static let everywhere = DeclaredHeader.error(405)

    init(_ endpoints: [Endpoint]) {
        var found: [String: (answer: JSONValue, count: Int)] = [:]
        for (name, answer) in endpoints.flatMap({ Self.answers(of: $0).values }) {
            if found[name] == nil { found[name] = (answer, 0) }
            if found[name]?.answer == answer { found[name]?.count += 1 }
        }
        components = found.filter { $0.value.count > 1 }.mapValues(\.answer)
    }

    /// The errors of an endpoint by status, as references where others have the same.
    func responses(of endpoint: Endpoint) -> [String: JSONValue] {
        Self.answers(of: endpoint).mapValues { name, answer in
            components[name] == answer ? ["$ref": .string("#/components/responses/\(name)")] : answer
        }
    }

    /// The errors by status, each with a name that tells its codes.
    private static func answers(of endpoint: Endpoint) -> [String: (name: String, answer: JSONValue)] {
        var codes = Dictionary(grouping: endpoint.possibleErrors, by: endpoint.status(of:))
        codes[405] = codes[405] ?? [.methodNotAllowed]
        let pairs = codes.map { status, codes in
            let name = "\(status).\(endpoint.isForeign ? "foreign." : "")\(codes.map(\.name).joined(separator: "."))"
            return (String(status), (name, answer(endpoint, status, codes)))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func answer(_ endpoint: Endpoint, _ status: Int, _ codes: [ErrorCode]) -> JSONValue {
        let (type, schema): (String, JSONValue) =
            endpoint.isForeign ? ("application/json", [:]) : ("application/problem+json", ["$ref": "#/components/schemas/Problem"])
        return [
            "description": .string(codes.map { "\($0.name): \($0.title)." }.joined(separator: " ")),
            "headers": endpoint.answerHeaders(status).references, "content": .object([type: ["schema": schema]]),
        ]
    }
}
