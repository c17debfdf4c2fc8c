import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyJobs

/// What a client wants to hear of.
struct MCPWishes: Sendable, Hashable {
    /// Whether documents came or went.
    var listChanged = false
    /// The documents whose changes are told, by address.
    var addresses: Set<String> = []
}

/// News of documents for one client, as JSON-RPC notifications, from the feed of events. Each event is told only if the person may read
/// the project at that moment.
struct MCPNews: AsyncSequence, Sendable {
    let feed: EventFeed
    let authorizer: Authorizer
    let principal: Principal
    /// Told before all else.
    var opening: [JSONValue] = []
    /// Put into each notification's params.
    var meta: JSONValue?
    /// Whether an event can be named by `Last-Event-ID` later.
    var isNumbered = false
    /// What the client wants now; nil ends the stream.
    let wishes: @Sendable () -> MCPWishes?
    let lease: MCPStreams.Lease

    func makeAsyncIterator() -> Iterator { Iterator(news: self, feed: feed.makeAsyncIterator(), waiting: opening.map { ($0, nil) }[...]) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let news: MCPNews
        fileprivate var feed: EventFeed.AsyncIterator
        fileprivate var waiting: ArraySlice<(JSONValue, EventPosition?)>

        mutating func next() async throws -> ServerSentEvent? {
            while true {
                if let (message, position) = waiting.popFirst() {
                    return ServerSentEvent("message", id: news.isNumbered ? position?.description : nil, json: message)
                }
                guard let event = try await feed.next(), let wishes = news.wishes() else { return nil }
                waiting = try await news.notifications(of: event, wishes).map { ($0, event.position) }[...]
            }
        }
    }

    private static let changesList: Set<String> = ["document.ready", "document.deleted", "document.restored"]

    private func notifications(of event: Event, _ wishes: MCPWishes) async throws -> [JSONValue] {
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
        (try? await authorizer.scope(principal, .documentsRead, on: project)) != nil
    }

    static func notification(_ method: String, _ params: [String: JSONValue], _ meta: JSONValue?) -> JSONValue {
        var params = params
        if let meta { params["_meta"] = meta }
        return ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
    }
}
