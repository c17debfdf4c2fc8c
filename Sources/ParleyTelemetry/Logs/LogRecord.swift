import Logging
import ParleyCore

/// One log line before it is formatted: everything in it is already free of secrets.
struct LogRecord {
    let time: Timestamp
    let level: Logger.Level
    let label: String
    let message: String
    /// Sorted by key.
    let metadata: [(key: String, value: JSONValue)]

    init(time: Timestamp, label: String, event: LogEvent, metadata: Logger.Metadata, context: TraceContext?) {
        (self.time, self.label, level) = (time, label, event.level)
        message = Redaction.text(event.message.description)
        var values = metadata.mapValues { $0 }
        if let error = event.error { values["error"] = "\(error)" }
        if let context { values.merge(Self.metadata(context)) { given, _ in given } }
        self.metadata = values.sorted { $0.key < $1.key }.map { ($0.key, Redaction.value($0.value, key: $0.key)) }
    }

    private static func metadata(_ context: TraceContext) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["trace_id": "\(context.traceID)", "span_id": "\(context.spanID)"]
        if let id = context.requestID { metadata["request_id"] = "\(id)" }
        if let id = context.jobID { metadata["job_id"] = "\(id)" }
        return metadata
    }

    /// One JSON object and a line feed.
    var json: String {
        var fields = [
            "\"time\":\"\(time)\"", "\"level\":\"\(level.rawValue)\"", "\"logger\":\(JSONText.quoted(label))",
            "\"message\":\(JSONText.quoted(message))",
        ]
        for (key, value) in metadata where !["time", "level", "logger", "message"].contains(key) {
            fields.append(JSONText.quoted(key) + ":" + value.text)
        }
        return "{" + fields.joined(separator: ",") + "}\n"
    }

    /// A line for people: time of day, level, message, then `key=value`.
    func text(coloured: Bool) -> String {
        let clock = time.description.dropFirst(11).dropLast(1)
        let pairs = metadata.filter { $0.key != "trace_id" && $0.key != "span_id" }.map { "\($0.key)=\(Self.plain($0.value))" }
        let name = level.rawValue.uppercased()
        let padded = name + String(repeating: " ", count: max(0, 8 - name.count))
        let body = ShownText.line(message)
        guard coloured else { return "\(clock) \(padded) \(([body] + pairs).joined(separator: " "))\n" }
        let tail = pairs.isEmpty ? "" : " \u{1B}[2m\(pairs.joined(separator: " "))\u{1B}[0m"
        return "\u{1B}[2m\(clock)\u{1B}[0m \u{1B}[\(Self.colour(level))m\(padded)\u{1B}[0m \(body)\(tail)\n"
    }

    private static func plain(_ value: JSONValue) -> String {
        guard let text = value.string else { return value.text }
        return text.contains { $0.isWhitespace || $0 == "\"" } ? JSONText.quoted(ShownText.text(text)) : ShownText.line(text)
    }

    private static func colour(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 90
        case .info: 36
        case .notice: 32
        case .warning: 33
        case .error, .critical: 31
        }
    }
}

/// JSON strings (RFC 8259, section 7), without the cost of an encoder.
enum JSONText {
    static func quoted(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            return "\"" + text + "\""
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex  // fits: these have 4 digits at most
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
