import Foundation
import ParleyCore

/// The metrics that telemetry itself keeps.
public enum TelemetryMetrics {
    public static let residentMemory = Metric.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
    public static let virtualMemory = Metric.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")
    public static let cpu = Metric.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
    public static let openFiles = Metric.gauge("process_open_fds", "Number of open file descriptors.")
    public static let maxFiles = Metric.gauge("process_max_fds", "Maximum number of open file descriptors.")
    public static let start = Metric.gauge("process_start_time_seconds", "Start time of the process since the Unix epoch in seconds.")
    public static let uptime = Metric.gauge("parley_uptime_seconds", "Seconds since the process started.")

    /// For the documentation and for the registry.
    public static let all = [residentMemory, virtualMemory, cpu, openFiles, maxFiles, start, uptime]
}

extension MetricsRegistry {
    /// Adds the figures of this process, read from `/proc` at each scrape.
    public func watchProcess() {
        watchAll(TelemetryMetrics.residentMemory) { Self.one(ProcessFigures.now?.residentBytes) }
        watchAll(TelemetryMetrics.virtualMemory) { Self.one(ProcessFigures.now?.virtualBytes) }
        watchAll(TelemetryMetrics.cpu) { Self.one(ProcessFigures.now?.cpuSeconds) }
        watchAll(TelemetryMetrics.start) { Self.one(ProcessFigures.now?.startSeconds) }
        watchAll(TelemetryMetrics.uptime) { Self.one(ProcessFigures.now.map { Date().timeIntervalSince1970 - $0.startSeconds }) }
        watchAll(TelemetryMetrics.openFiles) { Self.one(ProcessFigures.openFiles) }
        watchAll(TelemetryMetrics.maxFiles) { Self.one(ProcessFigures.maxFiles) }
    }

    private static func one(_ value: Double?) -> [(labels: [String], value: Double)] { value.map { [([], $0)] } ?? [] }
}

/// What Linux knows of this process (proc(5)).
public struct ProcessFigures: Sendable {
    public let residentBytes: Double
    public let virtualBytes: Double
    public let cpuSeconds: Double
    /// Since the Unix epoch.
    public let startSeconds: Double

    /// Nil where `/proc` is not to be read.
    public static var now: ProcessFigures? {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8), let close = stat.lastIndex(of: ")") else {
            return nil
        }
        let fields = stat[stat.index(after: close)...].split(separator: " ").map { Double($0) ?? 0 }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard fields.count > 21, ticks > 0, let boot = bootSeconds else { return nil }
        return ProcessFigures(
            residentBytes: fields[21] * Double(sysconf(Int32(_SC_PAGESIZE))), virtualBytes: fields[20],
            cpuSeconds: (fields[11] + fields[12]) / ticks, startSeconds: boot + fields[19] / ticks)
    }

    static var openFiles: Double? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") else { return nil }
        return Double(max(0, names.count - 1))
    }

    static var maxFiles: Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }

    private static let bootSeconds: Double? = {
        let stat = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        return stat.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }()
}
