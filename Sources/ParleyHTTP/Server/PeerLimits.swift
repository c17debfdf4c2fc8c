public import ParleyCore

/// How patient the server is with those who connect: how slow they may be, and how many connections they may hold.
public struct PeerLimits: Sendable {
    public static let headerTimeout = Setting(
        "http.header_timeout", default: Duration.seconds(10), .range(.milliseconds(100) ... .seconds(600)),
        "By when a request's headers must be there, from their first byte.")
    public static let bodyGrace = Setting(
        "http.body_grace", default: Duration.seconds(10), .range(.milliseconds(100) ... .seconds(600)),
        "How long a body may come as slowly as it likes; from then on it is measured over as long again and again.")
    public static let minimumBodyRate = Setting(
        "http.min_body_rate", default: ByteSize.kib(1), .range(.bytes(0) ... .mib(1)),
        "Bytes a second that a body must bring, while the server waits for it. 0 for any rate.")
    public static let strangerBodyTimeout = Setting(
        "http.stranger_body_timeout", default: Duration.seconds(30), .range(.milliseconds(100) ... .seconds(3600)),
        "By when the body of somebody who is not signed in must be there, however fast it comes.")
    public static let answerStall = Setting(
        "http.answer_stall", default: Duration.seconds(60), .range(.milliseconds(100) ... .seconds(3600)),
        "Whoever takes less than http.min_body_rate of an answer for so long, while more waits, is left.")
    public static let maximumConnections = Setting(
        "http.max_connections", default: 8192, .range(1...1_000_000),
        "Open connections; beyond it idle ones are closed, or else the new one. Never more than the process may open files, less 256.")
    public static let maximumPerAddress = Setting(
        "http.max_connections_per_address", default: 2048, .range(1...1_000_000),
        "Open connections of one address (of one /64 network with IPv6). Not counted with http.proxy_hops, where the proxy makes them all.")

    static let settings: [any SettingDeclaration] = [
        headerTimeout, bodyGrace, minimumBodyRate, strangerBodyTimeout, answerStall, maximumConnections, maximumPerAddress,
    ]

    public var headerTimeout: Duration
    public var bodyGrace: Duration
    /// A second.
    public var minimumBodyRate: ByteSize
    public var strangerBodyTimeout: Duration
    public var answerStall: Duration
    public var maximumConnections: Int
    public var maximumPerAddress: Int

    init(_ settings: SettingsReader) {
        headerTimeout = settings[Self.headerTimeout]
        bodyGrace = settings[Self.bodyGrace]
        minimumBodyRate = settings[Self.minimumBodyRate]
        strangerBodyTimeout = settings[Self.strangerBodyTimeout]
        answerStall = settings[Self.answerStall]
        maximumConnections = settings[Self.maximumConnections]
        maximumPerAddress = settings[Self.maximumPerAddress]
    }

    /// What a body or an answer must have moved in this time.
    func least(in time: Duration) -> Double { Double(minimumBodyRate.bytes) * time.seconds }
}
