import Foundation
public import ParleyCore

extension RemoteClient {
    /// The policy for every call to another service.
    public struct Configuration: Sendable {
        public static let connectTimeout = Setting(
            "remote.connect_timeout", default: Duration.seconds(5), .atLeast(.milliseconds(10)),
            "How long a connection to another service may take.")
        public static let deadline = Setting(
            "remote.deadline", default: Duration.seconds(30), .atLeast(.milliseconds(10)),
            "How long a call to another service may take with all its tries, unless the call names its own limit.")
        public static let idleTimeout = Setting(
            "remote.idle_timeout", default: Duration.seconds(60), .atLeast(.milliseconds(10)),
            "The longest silence within a streamed answer of another service.")
        public static let maxResponse = Setting(
            "remote.max_response", default: ByteSize.mib(32), .atLeast(.kib(1)),
            "The largest answer of another service that is read into memory.")
        public static let attempts = Setting(
            "remote.attempts", default: 3, .range(1...10), "How often a call that may be repeated is tried in all.")
        public static let retryShare = Setting(
            "remote.retry_share", default: 0.2, .range(0...1),
            "Retries per call to a host that are made in the long run; ten more may come at once.")
        public static let maxConcurrent = Setting(
            "remote.max_concurrent", default: 256, .range(1...1000), "How many calls to one host may be under way at once.")
        public static let breakerFailures = Setting(
            "remote.breaker_failures", default: 5, .range(1...1000), "After so many failures in a row a host is left alone for a while.")
        public static let breakerPause = Setting(
            "remote.breaker_pause", default: Duration.seconds(10), .atLeast(.milliseconds(10)),
            "How long a host that failed repeatedly is left alone before one trial call.")
        public static let authorities = Setting<LocalPath?>(
            "remote.ca_file", default: nil,
            "PEM file of certificate authorities whose services are trusted beside those that the system trusts.")
        public static let settings: [any SettingDeclaration] = [
            authorities, connectTimeout, deadline, idleTimeout, maxResponse, attempts, retryShare, maxConcurrent, breakerFailures,
            breakerPause,
        ]

        public var connectTimeout: Duration
        public var deadline: Duration
        public var idleTimeout: Duration
        public var maxResponse: ByteSize
        public var attempts: Int
        public var retryShare: Double
        public var maxConcurrent: Int
        public var breakerFailures: Int
        public var breakerPause: Duration
        /// A PEM file; nil for the system's authorities alone.
        public var authorities: String?

        public init(_ settings: SettingsReader = SettingsReader()) {
            connectTimeout = settings[Self.connectTimeout]
            deadline = settings[Self.deadline]
            idleTimeout = settings[Self.idleTimeout]
            maxResponse = settings[Self.maxResponse]
            attempts = settings[Self.attempts]
            retryShare = settings[Self.retryShare]
            maxConcurrent = settings[Self.maxConcurrent]
            breakerFailures = settings[Self.breakerFailures]
            breakerPause = settings[Self.breakerPause]
            authorities = settings[Self.authorities]?.text
            if let authorities, !FileManager.default.isReadableFile(atPath: authorities) {
                settings.reject(Self.authorities, "the path of a file that can be read")
            }
        }
    }
}
