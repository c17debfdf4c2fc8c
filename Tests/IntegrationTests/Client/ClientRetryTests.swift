import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ParleyClient
import ParleyCore
import Synchronization
import Testing

/// What the Swift client does when a server fails it.
@Suite struct ClientRetryTests {
    private func client(_ server: FailingServer) -> ParleyAPI {
        var api = ParleyAPI(server: server.base, token: "key")
        api.retry.firstPause = .milliseconds(1)
        return api
    }

    @Test func aPassingFailureIsTriedAgainWithTheSameKey() async throws {
        try await FailingServer.run { server in
            let api = client(server)
            let (read, changed): (JSONValue, JSONValue) = (
                try await api.get("/busy/twice"), try await api.post("/busy/twice-more", [String: String]())
            )
            #expect(read["done"] == true && changed["done"] == true)
            let keys = server.requests.filter { $0.path == "/busy/twice-more" }.map(\.key)
            #expect(keys.count == 3 && Set(keys).count == 1 && keys[0]?.isEmpty == false)
        }
    }

    @Test func whatWillNotPassIsToldAtOnce() async throws {
        try await FailingServer.run { server in
            let api = client(server)
            let refused = await #expect(throws: ParleyAPI.Problem.self) { try await api.get("/refused", as: JSONValue.self) }
            #expect(refused?.code == "input.invalid" && refused?.fields.first?.pointer == "/name")
            #expect(server.requests.count == 1)
            let later = await #expect(throws: ParleyAPI.Problem.self) { try await api.get("/tomorrow", as: JSONValue.self) }
            #expect(later?.status == 503 && later?.retryAfter == .seconds(86_400))
            #expect(server.requests.count == 2)
            let unreadable = await #expect(throws: ParleyAPI.Problem.self) { try await api.get("/busy/never", as: [String].self) }
            #expect(unreadable?.code == "client.answer_unreadable")
        }
        var api = ParleyAPI(server: try #require(URL(string: "http://127.0.0.1:1")), token: "key")
        api.retry.attempts = 2
        api.retry.firstPause = .milliseconds(1)
        let alone = await #expect(throws: ParleyAPI.Problem.self) { try await api.get("/", as: JSONValue.self) }
        #expect(alone?.code == "client.unreachable" && alone?.status == nil)
    }

    @Test func aStreamThatBreaksIsTakenUpWhereItWas() async throws {
        try await FailingServer.run { server in
            let api = client(server)
            var ids: [String?] = []
            for try await event in api.events("/stream/broken", until: { $0.kind == "done" }) { ids.append(event.id) }
            #expect(ids == ["1", "2", "3", "4"])
            #expect(server.requests.map(\.last) == [nil, "2", "3"])
            var empty = 0
            let failure = await #expect(throws: ParleyAPI.Problem.self) {
                for try await _ in api.events("/stream/empty", until: { $0.kind == "done" }) { empty += 1 }
            }
            #expect(failure?.code == "client.unreachable" && empty == 0)
        }
    }
}

/// A server that fails as its paths say, and keeps what came.
private final class FailingServer: Sendable {
    struct Request: Sendable {
        let path: String
        let key: String?
        let last: String?
    }

    private final class Kept: Sendable {
        let requests = Mutex<[Request]>([])
    }

    let base: URL
    private let kept: Kept
    var requests: [Request] { kept.requests.withLock { $0 } }

    private init(base: URL, kept: Kept) { (self.base, self.kept) = (base, kept) }

    static func run(_ body: @escaping @Sendable (FailingServer) async throws -> Void) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let kept = Kept()
        let router = Router()
        for method in [HTTPRequest.Method.get, .post] {
            router.on("**", method: method) { request, _ in
                let (key, last) = (HTTPField.Name("Idempotency-Key"), HTTPField.Name("Last-Event-ID"))
                let path = request.uri.path
                let entry = Request(path: path, key: key.flatMap { request.headers[$0] }, last: last.flatMap { request.headers[$0] })
                let count = kept.requests.withLock { requests in
                    requests.append(entry)
                    return requests.count { $0.path == path }
                }
                return answer(path, count, entry.last)
            }
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: Logger(label: "failing server") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await application.run() }
            var iterator = ports.makeAsyncIterator()
            let base = try #require(URL(string: "http://127.0.0.1:\(await iterator.next() ?? 0)"))
            try await body(FailingServer(base: base, kept: kept))
            group.cancelAll()
        }
    }

    private static func answer(_ path: String, _ count: Int, _ last: String?) -> Response {
        switch path {
        case "/busy/twice", "/busy/twice-more":
            return count < 3 ? reply("{}", "application/problem+json", .serviceUnavailable, ["Retry-After": "0"]) : reply(#"{"done":true}"#)
        case "/tomorrow": return reply("{}", "application/problem+json", .serviceUnavailable, ["Retry-After": "86400"])
        case "/refused":
            let problem = #"{"code":"input.invalid","detail":"No.","errors":[{"pointer":"/name","message":"is missing"}]}"#
            return reply(problem, "application/problem+json", .unprocessableContent)
        case "/stream/broken":
            let events = [
                nil: "id: 1\nevent: text\ndata: {}\n\nid: 2\nevent: text\ndata: {}\n\nid: 3\nevent: text\nda",
                "2": "id: 3\nevent: text\ndata: {}\n\n", "3": "id: 4\nevent: done\ndata: {}\n\n",
            ]
            return reply(events[last] ?? "", "text/event-stream")
        case "/stream/empty": return reply("", "text/event-stream")
        default: return reply("{}")
        }
    }

    private static func reply(
        _ text: String, _ type: String = "application/json", _ status: HTTPResponse.Status = .ok, _ headers: [String: String] = [:]
    ) -> Response {
        var fields: HTTPFields = [.contentType: type]
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
