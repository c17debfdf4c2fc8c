import ParleyCore

/// What in a new OpenAPI document would break a client that was written against the old one.
struct OpenAPIComparison {
    let old: JSONValue
    let new: JSONValue

    /// Whether the client writes the value or reads it.
    private enum Direction { case sent, received }

    /// One sentence for each; empty when nothing breaks.
    func breaks() -> [String] {
        var found: [String] = []
        for (path, operations) in (old["paths"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            for (method, operation) in (operations.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                let name = "\(method.uppercased()) \(path)"
                guard let now = new["paths"]?[path]?[method] else {
                    found.append("\(name) is gone")
                    continue
                }
                found += compare(operation, now).map { "\(name): \($0)" }
            }
        }
        return found
    }

    private func compare(_ old: JSONValue, _ new: JSONValue) -> [String] {
        var found: [String] = []
        for member in ["operationId", "x-parley-access"] where old[member] != new[member] {
            found.append("\(member) was \(old[member]?.string ?? "none") and is \(new[member]?.string ?? "none")")
        }
        found += parameters(
            (old["parameters"]?.array ?? []).map { $0.resolved(in: self.old) },
            (new["parameters"]?.array ?? []).map { $0.resolved(in: self.new) })
        found += body(old["requestBody"], new["requestBody"])
        for (status, response) in (old["responses"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) where status < "400" {
            guard let now = new["responses"]?[status] else {
                found.append("the status \(status) is gone")
                continue
            }
            for (type, content) in response["content"]?.object ?? [:] {
                guard let other = now["content"]?[type] else {
                    found.append("\(status) is not answered as \(type) any more")
                    continue
                }
                found += schema(content["schema"], other["schema"], .received, "the answer", [])
            }
        }
        return found
    }

    private func parameters(_ old: [JSONValue], _ new: [JSONValue]) -> [String] {
        var found: [String] = []
        for parameter in old {
            let name = parameter["name"]?.string ?? ""
            guard let now = new.first(where: { $0["name"] == parameter["name"] && $0["in"] == parameter["in"] }) else {
                found.append("the parameter \(name) is gone")
                continue
            }
            if now["required"] == true, parameter["required"] != true { found.append("the parameter \(name) is required now") }
            found += schema(parameter["schema"], now["schema"], .sent, "the parameter \(name)", [])
        }
        for parameter in new where parameter["required"] == true {
            let isKnown = old.contains { $0["name"] == parameter["name"] && $0["in"] == parameter["in"] }
            if !isKnown { found.append("the parameter \(parameter["name"]?.string ?? "") is new and required") }
        }
        return found
    }

    private func body(_ old: JSONValue?, _ new: JSONValue?) -> [String] {
        guard let old else { return new?["required"] == true ? ["a body is required now"] : [] }
        guard let new else { return ["there is no body any more"] }
        return (old["content"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { type, content -> [String] in
            guard let other = new["content"]?[type] else { return ["a body of \(type) is not taken any more"] }
            return schema(content["schema"], other["schema"], .sent, "the body", [])
        }
    }

    private func schema(_ old: JSONValue?, _ new: JSONValue?, _ direction: Direction, _ place: String, _ seen: Set<String>) -> [String] {
        guard let old, let new else { return old == new ? [] : ["\(place) has another form"] }
        var seen = seen
        if let reference = old["$ref"]?.string, !seen.insert(reference).inserted { return [] }
        let (before, after) = (old.resolved(in: self.old), new.resolved(in: self.new))
        if direction == .sent, after == [:] { return [] }
        if before == [:] { return direction == .sent && after != [:] ? ["\(place) took anything"] : [] }
        if before["anyOf"] != nil || after["anyOf"] != nil { return alternatives(before, after, direction, place, seen) }
        guard before["type"] == after["type"] else { return ["\(place) was \(text(before["type"])) and is \(text(after["type"]))"] }
        var found: [String] = direction == .sent ? narrowing(before, after, place) : []
        if before["items"] != nil { found += schema(before["items"], after["items"], direction, place + "[]", seen) }
        found += properties(before, after, direction, place, seen)
        return found
    }

    /// What may be null: a caller may go on sending null, and never gets a new one.
    private func alternatives(
        _ old: JSONValue, _ new: JSONValue, _ direction: Direction, _ place: String, _ seen: Set<String>
    ) -> [String] {
        let (before, after) = (old["anyOf"]?.array ?? [old], new["anyOf"]?.array ?? [new])
        let null: JSONValue = ["type": "null"]
        if direction == .sent, before.contains(null), !after.contains(null) { return ["\(place) may not be null any more"] }
        if direction == .received, !before.contains(null), after.contains(null) { return ["\(place) may be null now"] }
        return schema(before.first { $0 != null }, after.first { $0 != null }, direction, place, seen)
    }

    private func properties(_ old: JSONValue, _ new: JSONValue, _ direction: Direction, _ place: String, _ seen: Set<String>) -> [String] {
        var found: [String] = []
        for (name, property) in (old["properties"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let now = new["properties"]?[name] else {
                found.append("\(place).\(name) is gone")
                continue
            }
            found += schema(property, now, direction, "\(place).\(name)", seen)
        }
        guard direction == .sent else { return found }
        let before = Set((old["required"]?.array ?? []).compactMap(\.string))
        return found
            + (new["required"]?.array ?? []).compactMap(\.string).filter { !before.contains($0) }.map { "\(place).\($0) is required now" }
    }

    /// Whether less is taken than before.
    private func narrowing(_ old: JSONValue, _ new: JSONValue, _ place: String) -> [String] {
        var found: [String] = []
        if let values = new["enum"]?.array {
            let gone = (old["enum"]?.array ?? []).filter { !values.contains($0) }
            if old["enum"] == nil || !gone.isEmpty {
                found.append("\(place) does not take \(gone.map(\.text).joined(separator: ", ")) any more")
            }
        }
        for bound in ["minimum", "minLength", "minItems"] where (new[bound]?.double ?? -.infinity) > (old[bound]?.double ?? -.infinity) {
            found.append("\(place) has a higher \(bound)")
        }
        for bound in ["maximum", "maxLength", "maxItems"] where (new[bound]?.double ?? .infinity) < (old[bound]?.double ?? .infinity) {
            found.append("\(place) has a lower \(bound)")
        }
        if let pattern = new["pattern"], pattern != old["pattern"] { found.append("\(place) must match another pattern") }
        return found
    }

    private func text(_ type: JSONValue?) -> String { type?.string ?? type?.text ?? "anything" }
}

extension JSONValue {
    /// What a reference of an OpenAPI document leads to; null when it leads nowhere, and anything else as it is.
    func resolved(in document: JSONValue) -> JSONValue {
        guard let reference = self["$ref"]?.string else { return self }
        return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
    }
}
