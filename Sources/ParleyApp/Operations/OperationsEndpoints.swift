import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyTelemetry

extension EndpointTag {
    static let operations = Self("Operations", "Health and metrics, for probes and monitoring.")
}

/// Health and metrics over HTTP. Probes of strangers learn whether the server is well, and no more.
struct OperationsEndpoints: Sendable {
    let health: HealthRegistry
    let telemetry: Telemetry
    let access: MonitoringAccess

    var endpoints: [Endpoint] {
        [
            .open(
                .get, path: "/health/live", id: "health.live", tag: .operations, summary: "Does the process live?",
                output: HealthReport.schema, errors: [.rateExceeded], rate: .health, cache: .momentary
            ) { request in
                .ok(await shown(health.live(), to: request))
            },
            .open(
                .get, path: "/health/ready", id: "health.ready", tag: .operations, summary: "Can it serve?",
                description:
                    "Whoever may read the metrics sees each dependency with its state, others the status alone. 503 when a dependency that is needed is down.",
                output: HealthReport.schema, errors: [.notReady, .rateExceeded], rate: .health, cache: .momentary
            ) { request in
                let report = await shown(health.ready(), to: request)
                guard report.isReady else {
                    let down = (report.dependencies ?? []).filter { $0.status == .down }.map { "\($0.name): \($0.detail ?? "down")" }
                    let reason = down.isEmpty ? "." : ": " + down.joined(separator: "; ") + "."
                    throw ParleyError(.notReady, "Not ready" + reason, retryAfter: .seconds(2))
                }
                return .ok(report)
            },
            .open(
                .get, path: "/metrics", id: "metrics.get", tag: .operations, summary: "Metrics for Prometheus",
                description:
                    "Text exposition format 0.0.4. For programs on the server's machine, addresses in `metrics.allow`, and bearers of `metrics.token` or of a credential with `operations:read`.",
                output: .bytes(MetricsRegistry.contentType), errors: [.forbidden, .rateExceeded], rate: .health, cache: .momentary
            ) { request in
                guard await access.isGranted(request) else {
                    throw ParleyError(
                        .forbidden,
                        "The metrics are not for everybody: send the token in metrics.token as a bearer token, or have your address named in metrics.allow."
                    )
                }
                let text = telemetry.metrics.prometheusText()
                return .stream(contentType: MetricsRegistry.contentType, length: Int64(text.utf8.count)) { try await $0.write(text) }
            },
        ]
    }

    private func shown(_ report: HealthReport, to request: EndpointRequest) async -> HealthReport {
        await access.isGranted(request) ? report : report.short
    }
}

extension ErrorCode {
    static let notReady = Self("health.not_ready", .unavailable, "The server is not ready")
}

extension HealthReport {
    static let schema: Schema<HealthReport> = .object(
        "HealthReport", "How the server is.",
        .field("status", \.status, .enumeration()),
        .field("uptime_seconds", \.uptimeSeconds, .optional(.double()), "Null for strangers."),
        .field("dependencies", \.dependencies, .optional(.array(Dependency.schema)), "Null for strangers."),
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
