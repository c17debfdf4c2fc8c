import Logging
import ParleyCore

/// Writes log lines as JSON or readable text, with the ids of the task's trace context and without secrets.
struct TelemetryLogHandler: LogHandler {
    let label: String
    let level: LogLevelControl
    let sink: any LogSink
    private let asJSON: Bool
    private var ownLevel: Logger.Level?

    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, level: LogLevelControl, format: LogFormat, sink: any LogSink) {
        (self.label, self.level, self.sink) = (label, level, sink)
        asJSON = format == .json || (format == .auto && !sink.isTerminal)
    }

    /// The process's level, until this one logger is given its own.
    var logLevel: Logger.Level {
        get { ownLevel ?? level.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        let record = LogRecord(
            time: SystemClock().now(), label: label, event: event, metadata: all, context: TraceContext.current)
        sink.write(asJSON ? record.json : record.text(coloured: sink.isTerminal))
    }
}
