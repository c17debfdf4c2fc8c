import Foundation
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import Synchronization

/// A service for language models, of whatever protocol, that answers every call byte by byte as a test says, and keeps what it was asked.
final class ScriptedService: Sendable {
    struct Call: Sendable {
        let path: String
        let body: JSONValue

        var question: String { body["messages"]?.array?.last?["content"]?.string ?? "" }
        var roles: [String] { (body["messages"]?.array ?? []).compactMap { $0["role"]?.string } }
    }

    struct Reply: Sendable {
        var status = 200
        var type = "text/event-stream"
        /// Sent one after the other, each by itself.
        var pieces: [String]
        var retryAfter: Int?
        /// Whether the connection stays open behind them.
        var staysOpen = false

        /// An answer of OpenAI's protocol that streams these pieces of text.
        static func text(_ texts: String..., finish: String = "stop") -> Self {
            let pieces = texts.map { event(["choices": [["index": 0, "delta": ["content": .string($0)], "finish_reason": nil]]]) }
            return Self(
                pieces: pieces + [event(["choices": [["index": 0, "delta": [:], "finish_reason": .string(finish)]]]), "data: [DONE]\n\n"])
        }

        static func event(_ value: JSONValue) -> String { "data: \(value.text)\n\n" }

        /// A refusal with this body.
        static func refusal(_ status: Int, _ body: String, retryAfter: Int? = nil) -> Self {
            Self(status: status, type: "application/json", pieces: [body], retryAfter: retryAfter)
        }

        static func bytes(_ text: String, staysOpen: Bool = false) -> Self { Self(pieces: [text], staysOpen: staysOpen) }
    }

    /// Where it is, without a slash at the end.
    let base: String
    private let task: Task<Void, Never>
    private let kept: Kept

    private final class Kept: Sendable {
        let calls = Mutex<[Call]>([])
    }

    /// - Parameter reply: to a call, and how many came to the same path before it.
    init(_ reply: @escaping @Sendable (Call, Int) -> Reply) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let kept = Kept()
        self.kept = kept
        let router = Router()
        router.post("**") { request, _ in
            let body = try JSONValue(parsing: Array(buffer: try await request.body.collect(upTo: 1 << 22)))
            let call = Call(path: request.uri.path, body: body)
            let before = kept.calls.withLock { calls in
                defer { calls.append(call) }
                return calls.count { $0.path == call.path }
            }
            return Self.response(reply(call, before))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: Logger(label: "scripted service") { _ in SwiftLogNoOpLogHandler() })
        task = Task { try? await application.run() }
        var iterator = ports.makeAsyncIterator()
        base = "http://127.0.0.1:\(await iterator.next() ?? 0)"
    }

    /// What it was asked, or what was asked at one path.
    func calls(_ path: String? = nil) -> [Call] { kept.calls.withLock { $0.filter { path == nil || $0.path == path } } }

    func stop() async {
        task.cancel()
        await task.value
    }

    private static func response(_ reply: Reply) -> Response {
        var headers: HTTPFields = [.contentType: reply.type]
        if let wait = reply.retryAfter { headers[.retryAfter] = "\(wait)" }
        return Response(
            status: .init(code: reply.status), headers: headers,
            body: ResponseBody { writer in
                for piece in reply.pieces { try await writer.write(ByteBuffer(string: piece)) }
                if reply.staysOpen { try await Task.sleep(for: .seconds(30)) }
                try await writer.finish(nil)
            })
    }
}
