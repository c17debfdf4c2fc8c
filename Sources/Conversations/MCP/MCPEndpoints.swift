import ParleyAuthority
public import ParleyCore
public import ParleyHTTP
public import ParleyJobs

extension EndpointTag {
    public static let mcp = Self(
        "MCP", "A door for clients of the Model Context Protocol (streamable HTTP), with tools and with documents as resources.")
}

/// The Model Context Protocol over HTTP: sessions for the revisions that begin with `initialize`, single requests for the newest.
public struct MCPEndpoints: Sendable {
    private static let path = "/mcp"
    private static let sessionHeader = "Mcp-Session-Id"
    private static let versionHeader = "MCP-Protocol-Version"

    private let door: ForeignDoor
    private let server: MCPServer
    private let sessions: MCPSessions
    private let streams = MCPStreams()
    private let broadcast: EventBroadcast
    private let authenticator: any RequestAuthenticator

    /// - Parameters:
    ///   - version: of the product.
    ///   - broadcast: what clients hear of.
    ///   - authenticator: tells whether a client that listens may still.
    public init(
        door: ForeignDoor, version: String, broadcast: EventBroadcast, authenticator: any RequestAuthenticator, clock: any WallClock
    ) {
        (self.door, self.broadcast, self.authenticator) = (door, broadcast, authenticator)
        server = MCPServer(tools: MCPTools(door: door), resources: MCPResources(door: door), version: version)
        sessions = MCPSessions(clock: clock)
    }

    public var endpoints: [Endpoint] { [post, listen, delete].map { $0.speaking(.jsonRPC) } }

    private var post: Endpoint {
        .installation(
            .protocolsUse, .post, path: Self.path, id: "mcp.post", tag: .mcp, summary: "Send a message",
            description: """
                A JSON-RPC message of the revisions \(MCPVersion.all.joined(separator: ", ")). Tools: list_projects, search, read, ask. \
                A question is answered with server-sent events, everything else at once. Each request of a batch counts as one.
                """,
            input: .json(), output: .json(), errors: [.mcpSessionNotFound], rate: .question
        ) { request, caller, body in
            let call = call(caller, request)
            let header = request.header(Self.versionHeader)
            do {
                if let header, !MCPVersion.handshake.contains(header) {
                    return try await call.modern(body, header: header, request)
                }
                return try await call.handshake(body, session: request.header(Self.sessionHeader), request)
            } catch let fault as MCPFault {
                return .other(max(400, fault.status), fault.reply())
            }
        }
        .orEvents()
        .orStatus(202, .nothing)
        .countedByContent()
    }

    private var listen: Endpoint {
        .installation(
            .protocolsUse, .get, path: Self.path, id: "mcp.listen", tag: .mcp, summary: "Listen for notifications",
            description: """
                Server-sent events of a session: `notifications/resources/list_changed` when documents come or go, and \
                `notifications/resources/updated` for those that it has subscribed to. `Last-Event-ID` goes on after an event.
                """,
            output: .events(EventShape("message", "A JSON-RPC notification.", Schema<JSONValue>.json())), errors: [.mcpSessionNotFound]
        ) { request, caller in
            guard let session = request.header(Self.sessionHeader) else { throw MCPCall.noSession }
            return .events(try await call(caller, request).news(session: session, after: request.lastEventID))
        }
    }

    private func call(_ caller: Scope<ProtocolsUse>, _ request: EndpointRequest) -> MCPCall {
        let credential = MCPCredential(caller: caller, bearer: request.bearerToken ?? "", authenticator: authenticator)
        return MCPCall(server: server, sessions: sessions, streams: streams, broadcast: broadcast, door: door, credential: credential)
    }

    private var delete: Endpoint {
        .installation(
            .protocolsUse, .delete, path: Self.path, id: "mcp.delete", tag: .mcp, summary: "End a session", output: .nothing(),
            errors: [.mcpSessionNotFound]
        ) { request, caller in
            guard let id = request.header(Self.sessionHeader), sessions.end(id, caller) else { throw MCPCall.noSession }
            return .noContent
        }
    }
}

extension ErrorDialect {
    /// Errors at the door as JSON-RPC has them.
    static let jsonRPC = Self.json { error, status in
        let fault = error.code == .malformedJSON ? MCPFault(.parseError, error.message) : MCPFault(error)
        return Answer(status: status == 422 ? 400 : status, fault.reply())
    }
}

extension ErrorCode {
    public static let mcpSessionNotFound = Self("mcp.session_not_found", .notFound, "There is no such session")
}
