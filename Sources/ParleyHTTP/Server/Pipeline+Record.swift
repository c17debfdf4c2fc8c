import HTTPTypes
import Hummingbird
import Logging
import ParleyCore
public import ParleyTelemetry

extension Metric {
    public static let httpRequests = counter(
        "parley_http_requests_total", "Requests answered, by endpoint and status.", labels: ["endpoint", "status"])
    public static let httpProblems = counter(
        "parley_http_problems_total", "Requests that ended in an error, by its code.", labels: ["code"])
    public static let httpSeconds = histogram(
        "parley_http_endpoint_seconds", "Time from a request's head to its answer's head, by endpoint.", labels: ["endpoint"])
}

/// What this room measures, for the documentation and `/metrics`.
public enum HTTPMetrics {
    public static let all: [Metric] = [.httpRequests, .httpSeconds, .httpUndeclaredErrors, .httpProblems, .limitedRequests]
}

extension Pipeline {
    func attributes(_ request: Request, _ path: String, _ endpoint: Endpoint?) -> [String: AttributeValue] {
        [
            "http.request.method": .string(request.method.rawValue), "url.path": .string(path),
            "http.route": .string(endpoint?.path ?? ""), "endpoint": .string(endpoint?.id ?? "none"),
        ]
    }

    /// The access log and the figures. The query is left out, since a secret may stand in it.
    func record(
        _ response: Response, _ request: Request, _ path: String, _ endpoint: Endpoint?, _ identity: RequestIdentity, _ duration: Duration
    ) {
        let id = endpoint?.id ?? "none"
        telemetry.count(.httpRequests, ["endpoint": id, "status": String(response.status.code)])
        telemetry.observe(.httpSeconds, duration.seconds, ["endpoint": id])
        let level: Logger.Level = endpoint?.rate == .health ? .debug : .info
        guard logger.logLevel <= level else { return }
        logger.log(
            level: level, "\(request.method.rawValue) \(path) \(response.status.code)",
            metadata: [
                "endpoint": "\(id)", "status": "\(response.status.code)", "duration_ms": "\(duration.milliseconds)",
                "remote": "\(identity.remoteAddress ?? "")",
            ])
    }
}
