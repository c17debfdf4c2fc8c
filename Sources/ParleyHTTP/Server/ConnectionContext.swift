import Hummingbird

/// What a request brings along from its connection.
struct ConnectionContext: InitializableFromSource {
    let remoteAddress: String?

    init(source: ApplicationRequestContextSource) {
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }
}
