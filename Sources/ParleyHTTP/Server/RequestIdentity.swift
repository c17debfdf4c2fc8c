import HTTPTypes
import Hummingbird
import NIOCore
import ParleyCore
import ParleyTelemetry

/// Who is speaking and under which name the request stands in logs and traces.
struct RequestIdentity: Sendable {
    let requestID: String
    let remoteAddress: String?
    /// Whether a program on this machine sent it, and no proxy passed it on.
    let isLocal: Bool
    let trace: TraceContext
    let rate = RateMeter()
    private let channel: (any Channel)?

    /// Keeps the caller's request id when it is well-formed (1 to 128 of `A-Za-z0-9._-`), else makes one; continues the caller's
    /// trace (W3C Trace Context) or begins one.
    init(_ request: Request, _ channel: any Channel, remoteAddress: String?, isLocal: Bool, clock: any WallClock) {
        let given = request.headers[.requestID]
        requestID = given.flatMap { Self.isWellFormed($0) ? $0 : nil } ?? RequestID(at: clock.now()).description
        (self.remoteAddress, self.isLocal, self.channel) = (remoteAddress, isLocal, channel)
        trace = .continuing(
            traceparent: request.headers[.traceparent], tracestate: request.headers[.tracestate], requestID: requestID)
    }

    /// For a request that was never on the wire.
    init(requestID: String) {
        (self.requestID, remoteAddress, isLocal, channel) = (requestID, nil, false, nil)
        trace = TraceContext.current ?? TraceContext(requestID: requestID)
    }

    /// It is known who sent the request: the connection has more patience with its body.
    func callerIsKnown(_ request: Request) {
        if request.head.hasBody { channel?.triggerUserOutboundEvent(CallerIsKnown(), promise: nil) }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
