import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyJobs

/// Notifications: the stream of a session, and the subscriptions of the revision without sessions.
extension MCPCall {
    /// The stream of a session's notifications, from now on or from the one after `Last-Event-ID`. A newer stream of the session ends
    /// this one, since nothing may be told twice.
    /// - Throws: `MCPFault`, `mcp.session_not_found`, `unavailable`.
    func news(session: String?, after last: String?) async throws -> MCPNews {
        let (id, _) = try use(session)
        let start = if let last = last.flatMap({ EventPosition($0) }) { last } else { try await broadcast.end() }
        let lease = try streams.lease(caller.principal.user)
        let stream = sessions.beginStream(in: id)
        return MCPNews(
            broadcast: broadcast, start: start, authorizer: door.authorizer, credential: credential, isNumbered: true,
            wishes: { [sessions] in sessions.wishes(in: id, stream: stream) }, lease: lease)
    }

    /// `resources/subscribe` and `resources/unsubscribe`.
    /// - Throws: `MCPFault` when there is no such document.
    func subscribe(_ request: MCPRequest, in session: String) async throws -> JSONValue {
        let uri = try request.text("uri")
        guard request.method == "resources/subscribe" else {
            sessions.unsubscribe(uri, in: session)
            return [:]
        }
        try await server.resources.require(uri, missing: .resourceNotFound, caller)
        guard sessions.subscribe(uri, in: session) else {
            throw MCPFault(.invalidParams, "A session can subscribe to \(MCPSessions.mostAddresses) documents.")
        }
        return [:]
    }

    /// `subscriptions/listen`: an acknowledgement, then what was asked for, each with the request's id.
    /// - Throws: `MCPFault`, `unavailable`.
    func listen(_ request: MCPRequest) async throws -> MCPNews {
        let asked = request.params["notifications"]
        let addresses = Set((asked?["resourceSubscriptions"]?.array ?? []).compactMap(\.string))
        guard addresses.count <= MCPSessions.mostAddresses else {
            throw MCPFault(.invalidParams, "One can subscribe to \(MCPSessions.mostAddresses) documents.")
        }
        let wishes = MCPWishes(listChanged: asked?["resourcesListChanged"]?.bool ?? false, addresses: addresses)
        var honoured: [String: JSONValue] = [:]
        if wishes.listChanged { honoured["resourcesListChanged"] = true }
        if !addresses.isEmpty { honoured["resourceSubscriptions"] = .array(addresses.sorted().map { .string($0) }) }
        let meta: JSONValue = .object([MCPMeta.subscription: request.id])
        let acknowledged = MCPNews.notification(
            "notifications/subscriptions/acknowledged", ["notifications": .object(honoured)], meta)
        let lease = try streams.lease(caller.principal.user)
        return MCPNews(
            broadcast: broadcast, start: try await broadcast.end(), authorizer: door.authorizer, credential: credential,
            opening: [acknowledged], meta: meta, wishes: { wishes }, lease: lease)
    }
}
