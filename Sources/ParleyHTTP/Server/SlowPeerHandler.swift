import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import ParleyCore

/// Told to a connection when it is known who sent the request whose body it reads.
struct CallerIsKnown: Sendable {}

/// Ends what a slow peer would keep open: a request whose headers do not come to an end, a body that trickles, an answer that nobody
/// takes. One stands in each connection's pipeline, behind `ConnectionHandler`.
final class SlowPeerHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: PeerLimits
    /// The headers of a request have been read and its end has not.
    private var isReading = false
    /// Requests whose answers are not yet written.
    private var answering = 0
    /// Something of the next request's headers has come.
    private var isHeadBegun = false
    /// In this pass of reading a part of a request came.
    private var sawPart = false
    /// Nothing more is taken from the peer.
    private var isEnded = false
    private var body: BodyPace?
    private var headTimer: Scheduled<Void>?
    private var bodyTimer: Scheduled<Void>?
    private var stall = AnswerStall()
    private var stallTimer: Scheduled<Void>?

    init(_ limits: PeerLimits) { self.limits = limits }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    private func cancelTimers() {
        for timer in [headTimer, bodyTimer, stallTimer] { timer?.cancel() }
        (headTimer, bodyTimer, stallTimer) = (nil, nil, nil)
    }

    // MARK: What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        sawPart = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            (isReading, isHeadBegun) = (true, false)
            answering += 1
            headTimer?.cancel()
            headTimer = nil
            body = head.hasBody ? BodyPace(limits, begun: .now()) : nil
        case .body(let bytes): body?.receive(bytes.readableBytes)
        case .end:
            (isReading, body) = (false, nil)
            bodyTimer?.cancel()
            bodyTimer = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isReading, !sawPart { isHeadBegun = true }
        sawPart = false
        body?.pause(.now())
        watchHead(context)
        watchBody(context)
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        body?.wait(.now())
        context.read()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CallerIsKnown else { return context.triggerUserOutboundEvent(event, promise: promise) }
        body?.know()
        promise?.succeed()
    }

    private func watchHead(_ context: ChannelHandlerContext) {
        guard isHeadBegun, answering == 0, headTimer == nil, !isEnded else { return }
        headTimer = after(limits.headerTimeout, context) { handler, context in
            handler.headTimer = nil
            handler.refuseHead(context)
        }
    }

    private func watchBody(_ context: ChannelHandlerContext) {
        guard let body, bodyTimer == nil, !isEnded else { return }
        let now = NIODeadline.now()
        bodyTimer = after(.nanoseconds((body.nextCheck(after: now) - now).nanoseconds), context) { handler, context in
            handler.bodyTimer = nil
            if let fault = handler.body?.check(.now()) { handler.endBody(fault, context) } else { handler.watchBody(context) }
        }
    }

    /// Nobody else can answer a request that is not there.
    private func refuseHead(_ context: ChannelHandlerContext) {
        isEnded = true
        let error = ParleyError(.tooSlow, "The request's headers were not complete within \(limits.headerTimeout.settingText).")
        let problem = Problem(error: error, instance: "", requestID: RequestID(at: SystemClock().now()).description)
        var response = problem.response
        response.headers[.connection] = "close"
        response.headers[.requestID] = problem.requestID
        context.write(wrapOutboundOut(.head(response.head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: problem.bytes))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Whoever reads the body meets the error.
    private func endBody(_ fault: BodyPace.Fault, _ context: ChannelHandlerContext) {
        isEnded = true
        let message =
            switch fault {
            case .tooSlow:
                "The body came with less than \(limits.minimumBodyRate) a second for \(limits.bodyGrace.settingText). Send it again over a faster connection."
            case .strangerTooLong:
                "The body was not complete within \(limits.strangerBodyTimeout.settingText), which is all that callers have who are not signed in."
            }
        context.fireErrorCaught(ParleyError(.tooSlow, message))
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .body(let bytes): stall.write(bytes.readableBytes)
        case .end:
            answering = max(0, answering - 1)
            watchHead(context)
        case .head: break
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stallTimer?.cancel()
            stallTimer = nil
        } else {
            stall.begin(waiting: Self.waiting(context))
            watchAnswer(context)
        }
        context.fireChannelWritabilityChanged()
    }

    private func watchAnswer(_ context: ChannelHandlerContext) {
        guard stallTimer == nil else { return }
        stallTimer = after(limits.answerStall, context) { handler, context in
            handler.stallTimer = nil
            let taken = handler.stall.taken(waiting: Self.waiting(context))
            guard Double(taken) >= handler.limits.least(in: handler.limits.answerStall), taken > 0 else {
                return context.close(promise: nil)
            }
            handler.watchAnswer(context)
        }
    }

    /// Bytes that the connection holds for the peer.
    private static func waiting(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func after(
        _ time: Duration, _ context: ChannelHandlerContext, _ work: @escaping (SlowPeerHandler, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [self] in work(self, context) }
    }
}

/// How much of an answer the peer took since it was last looked at.
private struct AnswerStall {
    private var written = 0
    private var waiting = 0

    mutating func write(_ bytes: Int) { written += bytes }

    mutating func begin(waiting: Int) { (self.waiting, written) = (waiting, 0) }

    mutating func taken(waiting now: Int) -> Int {
        defer { begin(waiting: now) }
        return waiting + written - now
    }
}

extension HTTPRequest {
    /// Whether a body follows the headers (RFC 9112 §6.3).
    var hasBody: Bool { headerFields[.transferEncoding] != nil || headerFields[.contentLength].map { $0 != "0" } == true }
}
