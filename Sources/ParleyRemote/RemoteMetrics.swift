public import ParleyTelemetry

/// The metrics of calls to other services.
public enum RemoteMetrics {
    public static let requests = Metric.counter(
        "parley_remote_requests_total", "Tries of calls to other services, by outcome.", labels: ["call", "host", "outcome"])
    public static let retries = Metric.counter(
        "parley_remote_retries_total", "Calls to other services that were tried again.", labels: ["call", "host"])
    public static let circuit = Metric.gauge(
        "parley_remote_circuit_state", "0: calls go through (closed); 1: one trial call (half open); 2: calls are refused (open).",
        labels: ["host"])

    public static let retriesRefused = Metric.counter(
        "parley_remote_retries_refused_total", "Retries that were not made because the host's retry budget was used up.",
        labels: ["call", "host"])
    public static let underWay = Metric.gauge("parley_remote_calls_under_way", "Calls to a host that are under way.", labels: ["host"])
    public static let refusedAddresses = Metric.counter(
        "parley_remote_addresses_refused_total", "Calls to addresses that users named and that must not be called.", labels: ["call"])

    /// For the documentation and for the registry.
    public static let all = [requests, retries, retriesRefused, circuit, underWay, refusedAddresses]
}
