import Hummingbird
import NIOCore

/// What a request brings along from its connection.
struct ConnectionContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    var remoteAddress: String? { channel.remoteAddress?.ipAddress }
}
