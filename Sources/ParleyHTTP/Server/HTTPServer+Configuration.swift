public import Foundation
public import ParleyCore

extension HTTPServer {
    /// What the server is told.
    public struct Configuration: Sendable {
        public static let host = Setting("http.host", default: "127.0.0.1", .notEmpty, "Address to listen on; 0.0.0.0 for all.")
        public static let port = Setting("http.port", default: 8080, .range(0...65535), "TCP port to listen on; 0 takes a free one.")
        public static let publicURL = Setting<URL?>(
            "http.public_url", default: nil, .optional(.schemes("http", "https")),
            "Address at which people reach the server. Requests to other host names are refused; links in mail begin with it.")
        public static let maximumUpload = Setting(
            "http.max_upload", default: ByteSize.gib(1), .range(.kib(1) ... .gib(64)), "The largest file that can be uploaded.")
        public static let maximumJSON = Setting(
            "http.max_json", default: ByteSize.mib(1), .range(.kib(1) ... .mib(64)), "The largest JSON body that is read.")
        public static let maximumBulk = Setting(
            "http.max_bulk", default: ByteSize.mib(16), .range(.kib(1) ... .gib(1)), "The largest body of a bulk request that is read.")
        public static let maximumInflation = Setting(
            "http.max_inflation", default: 100, .range(2...1100),
            "How many times its size a compressed request body may unpack to, past the first MiB.")
        public static let idleTimeout = Setting(
            "http.idle_timeout", default: Duration.seconds(75), .range(.seconds(1) ... .seconds(3600)),
            "How long a connection may be idle before it is closed.")
        public static let requestTimeout = Setting(
            "http.request_timeout", default: Duration.seconds(60), .range(.milliseconds(100) ... .seconds(3600)),
            "By when an answer must have begun: calls to other services on a request's behalf never wait longer.")
        public static let heartbeat = Setting(
            "http.heartbeat", default: Duration.seconds(15), .range(.milliseconds(10) ... .seconds(600)),
            "How often a quiet event stream shows that it is alive.")
        public static let settings: [any SettingDeclaration] =
            [
                host, port, publicURL, maximumUpload, maximumJSON, maximumBulk, maximumInflation, idleTimeout, requestTimeout, heartbeat,
            ] + PeerLimits.settings + RateLimits.settings

        public var host: String
        public var port: Int
        /// Nil means that the server answers to loopback names alone.
        public var publicURL: URL?
        public var maximumUpload: ByteSize
        public var maximumJSON: ByteSize
        public var maximumBulk: ByteSize
        public var maximumInflation: Int
        public var idleTimeout: Duration
        public var requestTimeout: Duration
        public var heartbeat: Duration
        public var peers: PeerLimits
        public var rates: RateLimits

        public init(_ settings: SettingsReader = SettingsReader()) {
            host = settings[Self.host]
            port = settings[Self.port]
            publicURL = settings[Self.publicURL]
            maximumUpload = settings[Self.maximumUpload]
            maximumJSON = settings[Self.maximumJSON]
            maximumBulk = settings[Self.maximumBulk]
            maximumInflation = settings[Self.maximumInflation]
            idleTimeout = settings[Self.idleTimeout]
            requestTimeout = settings[Self.requestTimeout]
            heartbeat = settings[Self.heartbeat]
            peers = PeerLimits(settings)
            rates = RateLimits(settings)
            if publicURL == nil, !["127.0.0.1", "::1", "localhost"].contains(host) {
                settings.reject(Self.publicURL, "given when http.host is not a loopback address, such as https://parley.example.org")
            }
        }
    }
}
