/// How a dependency or the whole server fares.
public enum HealthStatus: String, Sendable, Codable, CaseIterable {
    case ok, degraded, down
}

/// What one check found.
public struct HealthResult: Sendable, Hashable {
    public let status: HealthStatus
    /// One sentence for the operator, without secrets.
    public let detail: String?

    public static func ok(_ detail: String? = nil) -> Self { Self(status: .ok, detail: detail) }
    public static func degraded(_ detail: String) -> Self { Self(status: .degraded, detail: detail) }
    public static func down(_ detail: String) -> Self { Self(status: .down, detail: detail) }
}

/// A named question to a dependency.
public struct HealthCheck: Sendable {
    public let name: String
    /// False when the server does its work, if less well, without this dependency.
    public let required: Bool
    /// A check that takes longer counts as down.
    public let deadline: Duration
    let run: @Sendable () async throws -> HealthResult

    public init(
        _ name: String, required: Bool = true, deadline: Duration = .seconds(2), run: @escaping @Sendable () async throws -> HealthResult
    ) {
        (self.name, self.required, self.deadline, self.run) = (name, required, deadline, run)
    }
}

/// The answer of `/health/live` and `/health/ready`.
public struct HealthReport: Sendable, Codable {
    public struct Dependency: Sendable, Codable {
        public let name: String
        public let status: HealthStatus
        public let required: Bool
        public let detail: String?
        public let durationMilliseconds: Double

        public init(name: String, status: HealthStatus, required: Bool, detail: String?, durationMilliseconds: Double) {
            (self.name, self.status, self.required) = (name, status, required)
            (self.detail, self.durationMilliseconds) = (detail, durationMilliseconds)
        }

        enum CodingKeys: String, CodingKey {
            case name, status, required, detail
            case durationMilliseconds = "duration_ms"
        }
    }

    public let status: HealthStatus
    /// Nil in the short form.
    public let uptimeSeconds: Double?
    /// Nil in the short form.
    public let dependencies: [Dependency]?

    public init(status: HealthStatus, uptimeSeconds: Double?, dependencies: [Dependency]?) {
        (self.status, self.uptimeSeconds, self.dependencies) = (status, uptimeSeconds, dependencies)
    }

    enum CodingKeys: String, CodingKey {
        case status, dependencies
        case uptimeSeconds = "uptime_seconds"
    }

    /// The status alone.
    public var short: HealthReport { HealthReport(status: status, uptimeSeconds: nil, dependencies: nil) }

    /// False when requests should go elsewhere.
    public var isReady: Bool { status != .down }
}
