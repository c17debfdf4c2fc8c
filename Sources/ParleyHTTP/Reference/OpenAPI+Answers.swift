import ParleyCore

extension OpenAPI {
    /// The answers of an endpoint that are no errors, by status.
    func successes(_ endpoint: Endpoint) -> [String: JSONValue] {
        var answers: [String: JSONValue] = [:]
        for (status, shape) in endpoint.successes { answers[String(status)] = success(endpoint, status, shape) }
        for (status, words) in endpoint.emptySuccesses {
            answers[String(status)] = ["description": .string(words), "headers": endpoint.answerHeaders(status).references]
        }
        return answers
    }

    /// The headers of all answers of an endpoint.
    static func answerHeaders(_ endpoint: Endpoint) -> [DeclaredHeader] {
        let statuses =
            endpoint.successes.map(\.status) + endpoint.emptySuccesses.map(\.status) + endpoint.possibleErrors.map(endpoint.status)
        return Set(statuses).sorted().flatMap(endpoint.answerHeaders)
    }

    private func success(_ endpoint: Endpoint, _ status: Int, _ shape: SchemaShape) -> JSONValue {
        var success: JSONValue = ["description": status == 206 ? "The part that was asked for." : "Success."]
        switch shape {
        case .nothing: break
        case .bytes(let types, _):
            let file = shape.jsonSchema(objects.answeredSide)
            let content = types.map { ($0, ["schema": $0 == "application/json" ? [:] : file] as JSONValue) }
            success = success.adding("content", .object(Dictionary(content) { first, _ in first }))
        case .events(let kinds): success = events(kinds)
        default: success = success.adding("content", content(endpoint, shape))
        }
        success = success.adding("headers", endpoint.answerHeaders(status).references)
        let links = status == 206 ? [:] : leads.links(from: endpoint, shape)
        return links.isEmpty ? success : success.adding("links", .object(links))
    }

    /// The forms that the answer can be had in.
    private func content(_ endpoint: Endpoint, _ shape: SchemaShape) -> JSONValue {
        let json: JSONValue = ["schema": shape.jsonSchema(objects.answeredSide), "example": shape.example]
        let forms = endpoint.representations.map { form -> (String, JSONValue) in
            (form.mediaTypes[0], form == .json ? json : ["schema": ["type": "string"]])
        }
        let events = endpoint.canStream ? [("text/event-stream", ["schema": event([])] as JSONValue)] : []
        return .object(Dictionary(forms + events) { first, _ in first })
    }

    private func events(_ kinds: [EventShape]) -> JSONValue {
        let list = kinds.map { kind -> JSONValue in
            ["event": .string(kind.kind), "description": .string(kind.description), "data": kind.data.jsonSchema(objects.answeredSide)]
        }
        return [
            "description": "Server-sent events.",
            "content": ["text/event-stream": ["schema": event(kinds.map(\.kind)), "x-parley-events": .array(list)]],
        ]
    }

    /// The form of each event in a stream, as OpenAPI 3.1 tools understand it.
    private func event(_ kinds: [String]) -> JSONValue {
        [
            "type": "object", "description": "One server-sent event. `data` is JSON.", "required": ["data"],
            "properties": [
                "id": ["type": "string"], "data": ["type": "string", "contentMediaType": "application/json"],
                "event": kinds.isEmpty ? ["type": "string"] : SchemaShape.choice(kinds, objects.answeredSide),
            ],
        ]
    }
}

extension Endpoint {
    /// The answers with a body, and the form of each.
    fileprivate var successes: [(status: Int, shape: SchemaShape)] {
        let part = givesRanges ? [206: output] : [:]
        return [status: output].merging(otherSuccesses) { first, _ in first }.merging(part) { first, _ in first }
            .map { ($0.key, $0.value) }
    }

    /// Answers without a body that come with the request's headers, and what each means.
    fileprivate var emptySuccesses: [(status: Int, words: String)] {
        var answers: [(Int, String)] = []
        if givesTag { answers.append((304, "It is what the caller has already.")) }
        let canBeOk = method != .post || makesResource
        if canBeMinimal, canBeOk, status == 200 || otherSuccesses[200] != nil {
            answers.append((204, "Success, with `Prefer: return=minimal`."))
        }
        return answers
    }
}
