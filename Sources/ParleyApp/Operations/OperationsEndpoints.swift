import ParleyCore
import ParleyHTTP
import ParleyTelemetry

extension EndpointTag {
    static let operations = Self("Operations", "Health and metrics, for probes and monitoring.")
}

/// Health and metrics over HTTP.
struct OperationsEndpoints: Sendable {
    let health: HealthRegistry
    let telemetry: Telemetry

    var endpoints: [Endpoint] {
        [
            .open(
                .get, path: "/health/live", id: "health.live", tag: .operations, summary: "Does the process live?",
                output: HealthReport.schema, rate: .health, cache: .momentary
            ) { _ in
                .ok(health.live())
            },
            .open(
                .get, path: "/health/ready", id: "health.ready", tag: .operations, summary: "Can it serve?",
                description: "Each dependency with its state. 503 when one that is needed is down.", output: HealthReport.schema,
                errors: [.notReady], rate: .health, cache: .momentary
            ) { _ in
                let report = await health.ready()
                guard report.isReady else {
                    let down = report.dependencies.filter { $0.status == .down }.map { "\($0.name): \($0.detail ?? "down")" }
                    throw ParleyError(.notReady, "Not ready: " + down.joined(separator: "; ") + ".", retryAfter: .seconds(2))
                }
                return .ok(report)
            },
            .open(
                .get, path: "/metrics", id: "metrics.get", tag: .operations, summary: "Metrics for Prometheus",
                description: "Text exposition format 0.0.4.", output: .bytes(MetricsRegistry.contentType), rate: .health, cache: .momentary
            ) { _ in
                let text = telemetry.metrics.prometheusText()
                return .stream(contentType: MetricsRegistry.contentType, length: Int64(text.utf8.count)) { try await $0.write(text) }
            },
        ]
    }
}

extension ErrorCode {
    static let notReady = Self("health.not_ready", .unavailable, "The server is not ready")
}

extension HealthReport {
    static let schema: Schema<HealthReport> = .object(
        "HealthReport", "How the server is.",
        .field("status", \.status, .enumeration()),
        .field("uptime_seconds", \.uptimeSeconds, .double()),
        .field("dependencies", \.dependencies, .array(Dependency.schema)),
        example: HealthReport(status: .ok, uptimeSeconds: 86_400, dependencies: [.example]))
}

extension HealthReport.Dependency {
    static let schema: Schema<HealthReport.Dependency> = .object(
        "DependencyHealth", "How one dependency is.",
        .field("name", \.name, .string()),
        .field("status", \.status, .enumeration()),
        .field("required", \.required, .bool(), "One that is not required only degrades."),
        .field("detail", \.detail, .optional(.string())),
        .field("duration_ms", \.durationMilliseconds, .double()),
        example: example)

    static let example = HealthReport.Dependency(
        name: "database", status: .ok, required: true, detail: "sqlite", durationMilliseconds: 0.2)
}
