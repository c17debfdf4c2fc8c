import ParleyCore

/// Where answers lead: the id of what was made or listed goes into the paths that take it, and the tag of what was read goes with its
/// change. Found among the endpoints, so that none has to say so.
struct ResponseLinks {
    /// The prefix of the identifiers that stand for a parameter of a path.
    let prefixes: [String: String]
    private let endpoints: [Endpoint]

    init(_ endpoints: [Endpoint]) {
        let ours = endpoints.filter { $0.path.hasPrefix("/v1/") }
        self.endpoints = ours
        var prefixes: [String: String] = [:]
        for endpoint in ours where endpoint.method == .get {
            guard let name = endpoint.namedLast, case .object(let object) = endpoint.output else { continue }
            prefixes[name] = object.identifier("id") ?? object.identifier(name + "_id")
        }
        let objects = ours.flatMap { $0.output.objects + ($0.input?.objects ?? []) }
        for name in Set(ours.flatMap(\.pathParameters)) where prefixes[name] == nil {
            prefixes[name] = objects.lazy.compactMap { $0.identifier(name + "_id") }.first
        }
        self.prefixes = prefixes
    }

    /// The link objects of an endpoint's answer, by the id of the endpoint that each leads to.
    /// - Parameter shape: of the answer.
    func links(from endpoint: Endpoint, _ shape: SchemaShape) -> [String: JSONValue] {
        guard endpoint.path.hasPrefix("/v1/") else { return [:] }
        var links: [String: JSONValue] = [:]
        for target in endpoints where target.id != endpoint.id {
            guard let parameters = parameters(from: endpoint, shape, to: target) else { continue }
            links[target.id] = [
                "operationId": .string(target.id), "description": .string(target.summary + "."), "parameters": .object(parameters),
            ]
        }
        return links
    }

    /// What fills the target's path; nil when the answer brings nothing for it.
    private func parameters(from endpoint: Endpoint, _ shape: SchemaShape, to target: Endpoint) -> [String: JSONValue]? {
        let here = endpoint.pathParameters
        let there = target.pathParameters
        var values = Dictionary(there.map { ($0, JSONValue.string("$request.path.\($0)")) }) { first, _ in first }
        if endpoint.method == .get, endpoint.path == target.path, target.takesMatch {
            values["If-Match"] = "$response.header.ETag"
            return values
        }
        guard let last = there.last, let prefix = prefixes[last], there.dropLast().allSatisfy(here.contains),
            let pointer = shape.pointer(to: prefix, named: last), makesOrLists(endpoint, last, target)
        else { return nil }
        values[last] = .string("$response.body#" + pointer)
        return values
    }

    /// A list leads to its items; what was made leads to all that can be done with it. What is read or changed leads nowhere new.
    private func makesOrLists(_ endpoint: Endpoint, _ name: String, _ target: Endpoint) -> Bool {
        if endpoint.method == .get { return target.path.hasPrefix(endpoint.path + "/{\(name)}") }
        return endpoint.method == .post && (!endpoint.pathParameters.contains(name) || endpoint.status == 202)
    }
}

extension Endpoint {
    /// The parameter that the path ends in.
    fileprivate var namedLast: String? { path.hasSuffix("}") ? pathParameters.last : nil }

    /// Whether it is a change that may say which version it means.
    var takesMatch: Bool { versions != nil && [.put, .patch, .delete].contains(method) }
}

extension ObjectShape {
    /// The prefix of the identifier in a member.
    fileprivate func identifier(_ name: String) -> String? {
        guard let member = members.first(where: { $0.name == name }), case .identifier(let prefix) = member.shape.bare else { return nil }
        return prefix
    }
}

extension SchemaShape {
    /// Where in an answer of this form an identifier with the prefix stands: of the object itself, of one within, or of a page's first item.
    fileprivate func pointer(to prefix: String, named name: String) -> String? {
        switch self {
        case .page(let item, _): return item.pointer(to: prefix, named: name).map { "/items/0" + $0 }
        case .object(let object):
            for member in ["id", name + "_id"] where object.identifier(member) == prefix { return "/" + member }
            // Of a question and its answer, the answer.
            for member in object.members.reversed() {
                if case .object(let inner) = member.shape, inner.identifier("id") == prefix { return "/\(member.name)/id" }
            }
            return nil
        default: return nil
        }
    }
}
