import NIOCore
import NIOHTTP1

/// Keeps the host that a target in absolute form names (RFC 9112 §3.2.2), which the codec behind it drops: where it is another one than
/// the header's, it becomes one more `Host`, and the request is refused like every one that names two.
final class TargetHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), let authority = Self.authority(head.uri),
            head.headers["Host"].first?.lowercased() != authority.lowercased()
        else { return context.fireChannelRead(data) }
        head.headers.add(name: "Host", value: authority)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Nil when the target has another form.
    private static func authority(_ target: String) -> String? {
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://") else { return nil }
        return String(target[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }
}
