/// The revisions of the Model Context Protocol that are spoken here (https://modelcontextprotocol.io/specification).
enum MCPVersion {
    /// Begun by `initialize` and held together by a session; the newest first.
    static let handshake = ["2025-11-25", "2025-06-18", "2025-03-26"]
    /// Each request stands alone and tells its revision in `_meta`.
    static let modern = ["2026-07-28"]
    static let all = modern + handshake
    /// What a session that names no revision is taken to speak.
    static let assumed = "2025-03-26"
}

/// Keys of `_meta` that the protocol has set aside.
enum MCPMeta {
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let subscription = "io.modelcontextprotocol/subscriptionId"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
}
