public import Logging

/// Logs, metrics and traces through one value that components get from their initialisers. One call records a span,
/// a metric and a log line under the same name, so that the three views cannot disagree.
public struct Telemetry: Sendable {
    public let logger: Logger
    /// The least level that is written; may be changed while the process runs.
    public let logLevel: LogLevelControl
    public let metrics: MetricsRegistry
    /// The spans that ended last.
    public let recentSpans: RecentSpans
    /// Makes the handler of a label; give it to `LoggingSystem.bootstrap`, so that libraries log alike.
    public let logHandler: @Sendable (String) -> any LogHandler
    let slowSpan: Duration

    public init(_ configuration: Configuration, to sink: any LogSink = StandardErrorSink()) {
        let level = LogLevelControl(configuration.logLevel.level)
        let format = configuration.logFormat
        logLevel = level
        logHandler = { TelemetryLogHandler(label: $0, level: level, format: format, sink: sink) }
        metrics = MetricsRegistry()
        recentSpans = RecentSpans(capacity: configuration.recentSpans)
        slowSpan = configuration.slowSpan
        logger = Logger(label: "parley", factory: logHandler)
        metrics.watchProcess()
    }

    /// Writes no log lines; metrics and spans are kept in a registry of its own. For tests and short commands.
    public static func silent() -> Telemetry { Telemetry(Configuration(), to: NoSink()) }

    /// A logger whose lines carry another label, such as `library.ingest`.
    public func logger(_ label: String) -> Logger { Logger(label: label, factory: logHandler) }

    /// Adds to a counter.
    public func count(_ metric: Metric, by amount: Double = 1, _ labels: KeyValuePairs<String, String> = [:]) {
        metrics.counter(metric, labels).add(amount)
    }

    /// Sets a gauge.
    public func gauge(_ metric: Metric, _ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
        metrics.gauge(metric, labels).set(value)
    }

    /// Adds an observation to a histogram.
    public func observe(_ metric: Metric, _ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
        metrics.histogram(metric, labels).observe(value)
    }
}
