import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A real HTTP server on a free port of this machine whose answers a test scripts.
final class LocalServer: Sendable {
    struct Received: Sendable {
        /// Counts from 1.
        let number: Int
        let method: String
        let uri: String
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    enum End: Sendable { case end, silence, cut }

    enum Answer: Sendable {
        case whole(Int, [(String, String)] = [], String = "")
        /// A chunked answer: pieces, then the end, or silence, or a cut connection.
        case pieces([String], then: End)
        case silence
    }

    /// What to answer to each request.
    struct Script: Sendable {
        let answer: @Sendable (Received) -> Answer
        static func always(_ answer: Answer) -> Script { Script { _ in answer } }
    }

    let url: String
    private let channel: any Channel
    private let log: RequestLog
    var received: [Received] { log.all }

    /// Runs a server while the body runs.
    /// - Parameter tls: for a server that speaks TLS; its address begins with `http` all the same.
    static func with<T>(
        _ script: Script, tls: NIOSSLContext? = nil, isolation: isolated (any Actor)? = #isolation,
        _ body: (LocalServer) async throws -> T
    ) async throws -> T {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(log: log, answer: script.answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LocalServer(channel, log)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private init(_ channel: any Channel, _ log: RequestLog) {
        (self.channel, self.log) = (channel, log)
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }
}

private final class RequestLog: Sendable {
    private let kept = Mutex<[LocalServer.Received]>([])
    var all: [LocalServer.Received] { kept.withLock { $0 } }

    func add(_ head: HTTPRequestHead, _ body: [UInt8]) -> LocalServer.Received {
        kept.withLock { kept in
            let received = LocalServer.Received(
                number: kept.count + 1, method: head.method.rawValue, uri: head.uri, headers: head.headers, body: body)
            kept.append(received)
            return received
        }
    }
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let answer: @Sendable (LocalServer.Received) -> LocalServer.Answer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(log: RequestLog, answer: @escaping @Sendable (LocalServer.Received) -> LocalServer.Answer) {
        (self.log, self.answer) = (log, answer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let buffer): body += buffer.readableBytesView
        case .end: if let head { reply(context, answer(log.add(head, body))) }
        }
    }

    private func reply(_ context: ChannelHandlerContext, _ answer: LocalServer.Answer) {
        switch answer {
        case .silence: break
        case .whole(let status, let headers, let text):
            let all = HTTPHeaders(headers + [("Content-Length", String(text.utf8.count))])
            write(context, .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all)))
            write(context, .body(.byteBuffer(ByteBuffer(string: text))))
            write(context, .end(nil))
        case .pieces(let pieces, let end):
            write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Transfer-Encoding": "chunked"])))
            for piece in pieces { write(context, .body(.byteBuffer(ByteBuffer(string: piece)))) }
            if end == .end { write(context, .end(nil)) }
            if end == .cut { context.close(promise: nil) }
        }
    }

    private func write(_ context: ChannelHandlerContext, _ part: HTTPServerResponsePart) {
        context.writeAndFlush(wrapOutboundOut(part), promise: nil)
    }
}
