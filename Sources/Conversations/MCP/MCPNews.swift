import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyJobs

/// Who listens, and with what they signed in.
struct MCPCredential: Sendable {
    let caller: Scope<ProtocolsUse>
    let bearer: String
    let authenticator: any RequestAuthenticator

    /// Whether the token or key still opens the door for the same person with the same rights.
    func isStillIn() async -> Bool {
        do { return try await authenticator.authenticate(bearer) == caller.principal } catch { return true }
    }
}

/// What a client wants to hear of.
struct MCPWishes: Sendable, Hashable {
    /// Whether documents came or went.
    var listChanged = false
    /// The documents whose changes are told, by address.
    var addresses: Set<String> = []
}

/// News of documents for one client, as JSON-RPC notifications, from the feed of events. Each event is told only if the person may read
/// the project at that moment. The stream ends when what the client has signed in with no longer opens the door.
struct MCPNews: AsyncSequence, Sendable {
    let broadcast: EventBroadcast
    let start: EventPosition
    let authorizer: Authorizer
    let credential: MCPCredential
    /// Told before all else.
    var opening: [JSONValue] = []
    /// Put into each notification's params.
    var meta: JSONValue?
    /// Whether an event can be named by `Last-Event-ID` later.
    var isNumbered = false
    /// What the client wants now; nil ends the stream.
    let wishes: @Sendable () -> MCPWishes?
    let lease: MCPStreams.Lease

    func makeAsyncIterator() -> Iterator {
        Iterator(news: self, feed: broadcast.listen(after: start), waiting: opening.map { ($0, nil) }[...])
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let news: MCPNews
        fileprivate var feed: EventBroadcast.Listener
        fileprivate var waiting: ArraySlice<(JSONValue, EventPosition?)>

        mutating func next() async throws -> ServerSentEvent? {
            while true {
                if let (message, position) = waiting.popFirst() {
                    return ServerSentEvent("message", id: news.isNumbered ? position?.description : nil, json: message)
                }
                guard let heard = try await feed.next(), let wishes = news.wishes() else { return nil }
                guard case .event(let event) = heard else {
                    guard await news.credential.isStillIn() else { return nil }
                    continue
                }
                let told = await news.notifications(of: event, wishes)
                if !told.isEmpty || MCPNews.mayEndAccess.contains(event.kind), await !news.credential.isStillIn() { return nil }
                waiting = told.map { ($0, event.position) }[...]
            }
        }
    }

    private static let mayEndAccess: Set<String> = ["key.deleted", "user.changed", "session.token_reused"]
    private static let changesList: Set<String> = ["document.ready", "document.deleted", "document.restored"]

    private func notifications(of event: Event, _ wishes: MCPWishes) async -> [JSONValue] {
        guard Self.changesList.contains(event.kind), let project = event.project, let document = DocumentID(event.subject) else {
            return []
        }
        let address = MCPAddress(project: project, document: document).text
        var told: [JSONValue] = []
        if wishes.listChanged { told.append(Self.notification("notifications/resources/list_changed", [:], meta)) }
        if wishes.addresses.contains(address) {
            told.append(Self.notification("notifications/resources/updated", ["uri": .string(address)], meta))
        }
        guard !told.isEmpty, await mayRead(project) else { return [] }
        return told
    }

    private func mayRead(_ project: ProjectID) async -> Bool {
        (try? await authorizer.scope(credential.caller.principal, .documentsRead, on: project)) != nil
    }

    static func notification(_ method: String, _ params: [String: JSONValue], _ meta: JSONValue?) -> JSONValue {
        var params = params
        if let meta { params["_meta"] = meta }
        return ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
    }
}
