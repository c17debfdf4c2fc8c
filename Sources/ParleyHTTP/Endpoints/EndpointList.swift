public import ParleyCore

/// All endpoints of the product, checked against each other.
public struct EndpointList: Sendable {
    public let endpoints: [Endpoint]

    /// - Throws: `internal` naming everything that is declared wrongly: an id or a route twice, a project endpoint without
    ///   `{project}` in its path, one schema name for two forms.
    public init(_ endpoints: [Endpoint]) throws {
        self.endpoints = endpoints
        let problems = Self.problems(endpoints)
        guard problems.isEmpty else {
            throw ParleyError(.internal, "The endpoints are declared wrongly: " + problems.joined(separator: "; ") + ".")
        }
    }

    /// The chapters, in reading order.
    public var tags: [EndpointTag] {
        var seen: Set<EndpointTag> = []
        return endpoints.map(\.tag).filter { seen.insert($0).inserted }
    }

    /// Every error code that an endpoint declares or that the door itself answers, sorted by name.
    public var errorCodes: [ErrorCode] {
        Set(endpoints.flatMap(\.errors) + ErrorCode.ofTheDoor).sorted { $0.name < $1.name }
    }

    private static func problems(_ endpoints: [Endpoint]) -> [String] {
        var problems: [String] = []
        var ids: Set<String> = []
        var routes: Set<String> = []
        for endpoint in endpoints {
            if !ids.insert(endpoint.id).inserted { problems.append("the id \(endpoint.id) stands twice") }
            let route = endpoint.method.rawValue + " " + endpoint.path.replacing(/\{[^\/]*\}/, with: "{}")
            if !routes.insert(route).inserted { problems.append("\(endpoint.id): the route \(route) stands twice") }
            if !endpoint.path.hasPrefix("/") { problems.append("\(endpoint.id): the path does not begin with a slash") }
            if case .project = endpoint.access, !endpoint.pathParameters.contains("project") {
                problems.append("\(endpoint.id): the path names no {project}")
            }
            if let deprecation = endpoint.deprecation, let sunset = deprecation.sunset, sunset < deprecation.since {
                problems.append("\(endpoint.id): it is gone before it is deprecated")
            }
            if let successor = endpoint.deprecation?.successor, !endpoints.contains(where: { $0.path == successor }) {
                problems.append("\(endpoint.id): nothing is at \(successor), which takes its place")
            }
        }
        return problems + Components(endpoints).conflicts.map { "the schema name \($0) stands for two forms" }
    }
}
