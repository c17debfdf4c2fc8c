import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import ParleyCore

/// Keeps a connection honest. One stands in each connection's pipeline, between the HTTP codec and Hummingbird.
///
/// - After `CONNECT` or `Connection: Upgrade` NIO's decoder stops parsing, whatever is answered; so such a request's answer says
///   `Connection: close` and the connection ends after it, rather than leaving the next request without an answer.
/// - An answer that says `Connection: close` ends the connection: our half at once, the rest when the peer has closed or after a
///   moment, so that a peer that is still sending gets to read the answer.
/// - A head's text is made safe to compare (`streamSafe`) before anybody reads it.
/// - `Expect: 100-continue` is answered at once unless the body is known to be too long (RFC 9110 §10.1.1).
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let maximumBody: Int64
    private let lingering: TimeAmount
    private var isUpgradeRefused = false
    private var closesAfterAnswer = false

    init(maximumBody: Int64, lingering: TimeAmount = .seconds(2)) { (self.maximumBody, self.lingering) = (maximumBody, lingering) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(var head) = unwrapInboundIn(data) {
            head.makeStreamSafe()
            let connection = head.headerFields[values: .connection].joined(separator: ",").lowercased()
            if head.method == .connect || head.headerFields[.upgrade] != nil && connection.contains("upgrade") { isUpgradeRefused = true }
            if head.headerFields[.expect]?.lowercased() == "100-continue" { expectContinue(context, head) }
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        context.fireChannelRead(data)
    }

    private func expectContinue(_ context: ChannelHandlerContext, _ head: HTTPRequest) {
        let length = head.headerFields[.contentLength].flatMap { Int64($0) } ?? 0
        guard length <= maximumBody else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    /// Hummingbird's own bare answer to bytes that are no HTTP; every answer of ours has a request id.
    private static func isParserError(_ head: HTTPResponse) -> Bool {
        head.status == .badRequest && head.headerFields[.contentLength] == "0" && head.headerFields[.requestID] == nil
    }

    /// The problem document in its place.
    private func writeParserProblem(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let error = ParleyError(.malformedRequest, "This is not a valid HTTP/1.1 request.")
        let problem = Problem(error: error, instance: "", requestID: RequestID(at: SystemClock().now()).description)
        var response = problem.response
        response.headers[.connection] = "close"
        response.headers[.requestID] = problem.requestID
        closesAfterAnswer = true
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: problem.bytes))), promise: promise)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where Self.isParserError(head): writeParserProblem(context, promise)
        case .head(var head) where head.status.kind != .informational:
            if isUpgradeRefused { head.headerFields[.connection] = "close" }
            closesAfterAnswer = head.headerFields[.connection] == "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where closesAfterAnswer:
            let channel = context.channel
            let lingering = lingering
            let written = promise ?? context.eventLoop.makePromise()
            written.futureResult.whenComplete { _ in
                channel.close(mode: .output, promise: nil)
                channel.eventLoop.scheduleTask(in: lingering) { channel.close(promise: nil) }
            }
            context.writeAndFlush(data, promise: written)
        default: context.write(data, promise: promise)
        }
    }
}
