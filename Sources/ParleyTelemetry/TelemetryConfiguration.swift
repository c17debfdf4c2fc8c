public import Logging
public import ParleyCore

/// How log lines look.
public enum LogFormat: String, CaseIterable, SettingValue {
    /// Text on a terminal, JSON elsewhere.
    case auto
    case json, text
}

/// The levels of swift-log, as a setting.
public enum LogLevel: String, CaseIterable, SettingValue {
    case trace, debug, info, notice, warning, error, critical

    public var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

extension Telemetry {
    public struct Configuration: Sendable {
        public static let logLevel = Setting("log.level", default: LogLevel.info, "The least level of log lines that are written.")
        public static let logFormat = Setting(
            "log.format", default: LogFormat.auto,
            "One JSON object per line (json), readable lines (text), or text on a terminal and JSON elsewhere (auto).")
        public static let slowSpan = Setting(
            "telemetry.slow_span", default: Duration.seconds(2), .atLeast(.milliseconds(1)),
            "Work that takes longer is told as a warning in the log.")
        public static let recentSpans = Setting(
            "telemetry.recent_spans", default: 2000, .range(0...100_000), "How many finished spans are kept in memory for the trace view.")
        public static let settings: [any SettingDeclaration] = [logLevel, logFormat, slowSpan, recentSpans]

        public var logLevel: LogLevel
        public var logFormat: LogFormat
        public var slowSpan: Duration
        public var recentSpans: Int

        public init(_ settings: SettingsReader = SettingsReader()) {
            logLevel = settings[Self.logLevel]
            logFormat = settings[Self.logFormat]
            slowSpan = settings[Self.slowSpan]
            recentSpans = settings[Self.recentSpans]
        }
    }
}
