import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyJobs

/// One POST of a client: which revision it speaks, and what is answered.
struct MCPCall: Sendable {
    let server: MCPServer
    let sessions: MCPSessions
    let streams: MCPStreams
    let broadcast: EventBroadcast
    let door: ForeignDoor
    let credential: MCPCredential

    var caller: Scope<ProtocolsUse> { credential.caller }

    static var noSession: ParleyError { ParleyError(.mcpSessionNotFound, "The session has ended; begin a new one with initialize.") }

    /// A message of the revisions that have sessions.
    /// - Throws: `MCPFault`, `mcp.session_not_found`, `rate.exceeded`.
    func handshake(_ body: JSONValue, session: String?, _ http: EndpointRequest) async throws -> Reply<JSONValue> {
        if let list = body.array { return try await batch(list, session: session, http) }
        switch try MCPMessage(body) {
        case .request(let request) where request.method == "initialize": return initialize(request)
        case .request(let request): return try await answer(request, session: try use(session))
        case .notification(let method, let params):
            let (id, _) = try use(session)
            if method == "notifications/cancelled" { try await cancel(params["requestId"] ?? .null, in: id) }
            return .bare(202)
        case .response:
            _ = try use(session)
            return .bare(202)
        }
    }

    /// A request of the revision without sessions.
    /// - Throws: `MCPFault`.
    func modern(_ body: JSONValue, header: String, _ http: EndpointRequest) async throws -> Reply<JSONValue> {
        switch try MCPMessage(body) {
        case .notification, .response:
            guard MCPVersion.modern.contains(header) else { throw Self.unsupported(header) }
            return .bare(202)
        case .request(let request):
            do {
                try check(request, header: header, http)
                if request.method == "subscriptions/listen" { return .events(try await listen(request)) }
                switch try await server.answer(request, isModern: true, caller) {
                case .result(let result): return .ok(request.reply(modern(result, request.method)))
                case .running(let running):
                    return .events(try await stream(running, request, finish: { modern($0, request.method) }, onEnd: {}))
                }
            } catch let fault as MCPFault {
                return .other(fault.status, fault.reply(to: request.id))
            }
        }
    }

    private func initialize(_ request: MCPRequest) -> Reply<JSONValue> {
        let wanted = request.params["protocolVersion"]?.string ?? ""
        let version = MCPVersion.handshake.contains(wanted) ? wanted : MCPVersion.handshake.first ?? MCPVersion.assumed
        let id = sessions.begin(caller, version: version)
        return .ok(request.reply(server.initialization(version))).header("Mcp-Session-Id", id)
    }

    func use(_ session: String?) throws -> (id: String, version: String) {
        guard let session else { throw MCPFault(.invalidRequest, "Send the Mcp-Session-Id that initialize gave.") }
        guard let version = sessions.use(session, caller) else { throw Self.noSession }
        return (session, version)
    }

    private func answer(_ request: MCPRequest, session: (id: String, version: String)) async throws -> Reply<JSONValue> {
        do {
            if ["resources/subscribe", "resources/unsubscribe"].contains(request.method) {
                return .ok(request.reply(try await subscribe(request, in: session.id)))
            }
            switch try await server.answer(request, isModern: false, caller) {
            case .result(let result): return .ok(request.reply(result))
            case .running(let running):
                sessions.begin(running, request: request.id, in: session.id)
                let events = try await stream(
                    running, request, finish: { $0 }, onEnd: { [sessions] in sessions.end(request: request.id, in: session.id) })
                return .events(events)
            }
        } catch let fault as MCPFault {
            return .ok(fault.reply(to: request.id))
        } catch let error as ParleyError {
            return .ok(MCPFault(error).reply(to: request.id))
        }
    }

    /// Several messages at once, which the revision 2025-03-26 alone has. Questions are answered whole. Each request counts as one.
    private func batch(_ list: [JSONValue], session: String?, _ http: EndpointRequest) async throws -> Reply<JSONValue> {
        guard try use(session).version == "2025-03-26", (1...20).contains(list.count) else {
            throw MCPFault(.invalidRequest, "Send one message at a time.")
        }
        let requests = try list.compactMap { body -> MCPRequest? in
            guard case .request(let request) = try MCPMessage(body) else { return nil }
            return request
        }
        try await http.count(as: requests.count)
        var replies: [JSONValue] = []
        for request in requests {
            do {
                switch try await server.answer(request, isModern: false, caller) {
                case .result(let result): replies.append(request.reply(result))
                case .running(let running):
                    let message = try await door.whole(running.answer, isKept: false, running.scope)
                    replies.append(request.reply(MCPTools.result(message, running.scope.project, isMarked: running.isMarked).json))
                }
            } catch let fault as MCPFault {
                replies.append(fault.reply(to: request.id))
            } catch let error as ParleyError {
                replies.append(MCPFault(error).reply(to: request.id))
            }
        }
        return replies.isEmpty ? .bare(202) : .ok(.array(replies))
    }

    private func stream(
        _ running: MCPRunning, _ request: MCPRequest, finish: @escaping @Sendable (JSONValue) -> JSONValue,
        onEnd: @escaping @Sendable () -> Void
    ) async throws -> EncodedAnswer<MCPAnswerEncoder> {
        let encoder = MCPAnswerEncoder(request, running, finish: finish, onEnd: onEnd)
        return try await door.encoded(running.answer, encoder, isKept: false, running.scope)
    }

    private func cancel(_ request: JSONValue, in session: String) async throws {
        guard let running = sessions.running(request, in: session) else { return }
        _ = try await door.conversations.cancel(running.answer.id, of: running.answer.thread, running.scope)
    }
}
