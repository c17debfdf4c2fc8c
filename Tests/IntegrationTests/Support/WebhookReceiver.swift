import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import Synchronization

/// A real HTTP server that takes messages. The path says what it does: `/ok`, `/fail`, `/once` (refuses the first time), `/hang`,
/// `/gone`, `/away` (redirects to another port of this machine), `/inside` (redirects to a private network), `/chatty`.
final class WebhookReceiver: Sendable {
    struct Message: Sendable {
        let path: String
        let id: String
        let timestamp: String
        let signature: String
        let body: [UInt8]

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        var kind: String { json["type"]?.string ?? "" }
    }

    private final class Box: Sendable {
        let messages = Mutex<[Message]>([])
    }

    let port: Int
    private let box: Box
    private let task: Task<Void, Never>

    var url: String { "http://127.0.0.1:\(port)" }
    var messages: [Message] { box.messages.withLock { $0 } }
    func messages(at path: String) -> [Message] { messages.filter { $0.path == path } }

    /// - Parameter port: 0 takes a free one.
    init(port: Int = 0) async throws {
        let box = Box()
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("**") { request, _ in
            let body = Array(buffer: try await request.body.collect(upTo: 1 << 20))
            func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
            let message = Message(
                path: request.uri.path, id: header("webhook-id"), timestamp: header("webhook-timestamp"),
                signature: header("webhook-signature"), body: body)
            let earlier = box.messages.withLock { messages in
                defer { messages.append(message) }
                return messages.count { $0.path == message.path }
            }
            return try await Self.answer(message.path, earlier)
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                found.yield(channel.localAddress?.port ?? 0)
                found.finish()
            },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        task = Task {
            try? await application.run()
            found.finish()
        }
        self.box = box
        var iterator = ports.makeAsyncIterator()
        self.port = await iterator.next() ?? 0
    }

    func stop() async {
        task.cancel()
        await task.value
    }

    private static func answer(_ path: String, _ earlier: Int) async throws -> Response {
        switch path.split(separator: "/").last ?? "" {
        case "fail": return Response(status: .serviceUnavailable, body: .init(byteBuffer: ByteBuffer(string: "out of order")))
        case "once": return Response(status: earlier == 0 ? .internalServerError : .noContent)
        case "hang":
            try? await Task.sleep(for: .seconds(60))
            return Response(status: .ok)
        case "gone": return Response(status: .gone)
        case "away": return Response(status: .found, headers: [.location: "http://127.0.0.1:1/other"])
        case "inside": return Response(status: .temporaryRedirect, headers: [.location: "http://169.254.169.254/latest/meta-data"])
        case "chatty": return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 120, count: 1 << 20)))
        default: return Response(status: .noContent)
        }
    }
}
