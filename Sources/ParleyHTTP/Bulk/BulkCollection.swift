import ParleyCore

/// A list whose items can be changed many at a time: found among the endpoints, so that no collection has to say so.
struct BulkCollection: Sendable {
    /// The list itself.
    let list: Endpoint
    /// What can be done, by the operation's name: `create`, `update` (PATCH), `set` (PUT), `delete`, and actions such as `retry`.
    let operations: [String: Endpoint]

    /// Every list that has something that changes its items. Left out is what anyone may call, what takes or gives anything but JSON, what
    /// answers a secret, what asks for many things at once by itself, and what speaks a foreign dialect.
    static func all(in endpoints: [Endpoint]) -> [BulkCollection] {
        endpoints.compactMap { list in
            guard list.method == .get, case .page(let item, _) = list.output, list.access != .open else { return nil }
            let candidates = endpoints.filter { $0.method != .get && $0.access != .open && $0.isPlain }
            let named = candidates.compactMap { endpoint in
                operation(endpoint, of: list, item, isList: { path in endpoints.contains { $0.path == path && $0.isList } }).map {
                    ($0, endpoint)
                }
            }
            return named.isEmpty ? nil : BulkCollection(list: list, operations: Dictionary(named) { first, _ in first })
        }
    }

    private static func operation(_ endpoint: Endpoint, of list: Endpoint, _ item: SchemaShape, isList: (String) -> Bool) -> String? {
        if endpoint.path == list.path { return endpoint.method == .post && endpoint.input != nil ? "create" : nil }
        guard endpoint.path.hasPrefix(list.path + "/") else { return nil }
        let rest = endpoint.path.dropFirst(list.path.count + 1).split(separator: "/")
        guard let first = rest.first, first.hasPrefix("{") else { return nil }
        switch (rest.count, endpoint.method) {
        case (1, .patch): return "update"
        case (1, .put): return "set"
        case (1, .delete): return "delete"
        case (2, .post) where !rest[1].hasPrefix("{") && !isList(endpoint.path) && endpoint.answers(item): return String(rest[1])
        default: return nil
        }
    }

    var path: String { list.path + "/bulk" }
    var id: String { list.id.split(separator: ".").dropLast().joined(separator: ".") + ".bulk" }
    /// What its items are called, e.g. `threads`.
    var words: String { list.path.split(separator: "/").last.map(String.init) ?? "items" }
    /// The operations' names in reading order.
    var names: [String] {
        let first = ["create", "update", "set", "delete"].filter { operations[$0] != nil }
        return first + operations.keys.filter { !first.contains($0) }.sorted()
    }
}

extension Endpoint {
    /// Whether it is a list in pages.
    fileprivate var isList: Bool { if method == .get, case .page = output { true } else { false } }

    /// Whether a body and an answer of JSON is all there is to it.
    fileprivate var isPlain: Bool {
        guard accepts.isEmpty, isInMemory, cache != .secret, dialect.answer == nil, rate != .bulk, !isCountedByContent else { return false }
        return true
    }

    /// Whether it answers an object like this one, or nothing.
    fileprivate func answers(_ item: SchemaShape) -> Bool {
        switch (output, item) {
        case (.nothing, _): true
        case (.object(let answer), .object(let item)): answer.name == item.name
        default: false
        }
    }
}
