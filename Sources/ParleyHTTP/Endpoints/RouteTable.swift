import ParleyCore

/// Finds the endpoint of a path. Literal segments win over parameters, whatever their order.
struct RouteTable: Sendable {
    /// All endpoints of one path.
    struct Entry: Sendable {
        var endpoints: [String: Endpoint] = [:]

        /// For the `Allow` header.
        var allowed: String {
            (endpoints.keys + (endpoints["GET"] == nil ? [] : ["HEAD"]) + ["OPTIONS"]).sorted().joined(separator: ", ")
        }
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var entry: Entry?
    }

    private var nodes = [Node()]

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            var index = 0
            for segment in endpoint.path.split(separator: "/") { index = child(of: index, segment) }
            nodes[index].entry = nodes[index].entry ?? Entry()
            nodes[index].entry?.endpoints[endpoint.method.rawValue] = endpoint
        }
    }

    private mutating func child(of index: Int, _ segment: Substring) -> Int {
        let isParameter = segment.hasPrefix("{")
        if let known = isParameter ? nodes[index].parameter : nodes[index].literals[String(segment)] { return known }
        nodes.append(Node())
        if isParameter { nodes[index].parameter = nodes.count - 1 } else { nodes[index].literals[String(segment)] = nodes.count - 1 }
        return nodes.count - 1
    }

    /// The entry for a path (without query) and the parameters' decoded values in order; nil when there is none.
    func match(_ path: String) -> (entry: Entry, values: [String])? {
        var segments: [String] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let decoded = PercentCoding.decode(segment) else { return nil }
            segments.append(decoded.streamSafe)
        }
        if segments == [""] { segments = [] }
        var values: [String] = []
        return descend(0, segments[...], &values).map { ($0, values) }
    }

    private func descend(_ index: Int, _ segments: ArraySlice<String>, _ values: inout [String]) -> Entry? {
        guard let segment = segments.first else { return nodes[index].entry }
        if let next = nodes[index].literals[segment], let entry = descend(next, segments.dropFirst(), &values) { return entry }
        guard let next = nodes[index].parameter, !segment.isEmpty else { return nil }
        values.append(segment)
        if let entry = descend(next, segments.dropFirst(), &values) { return entry }
        values.removeLast()
        return nil
    }
}
