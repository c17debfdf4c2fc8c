import Foundation
import Logging
import ParleyCore
public import ParleyTelemetry
public import ServiceLifecycle
import Synchronization

/// Makes back-ups at regular times, tries each, and removes those beyond the number to keep. Of several servers that share the folder one makes
/// them at a time.
public final class BackupService: Service {
    /// How long after a failure, or while another server is at it, the next attempt is made at the latest.
    private static let patience = Duration.seconds(600)
    /// The longest sleep, so that a clock that was set is noticed.
    private static let nap = Duration.seconds(60)
    private static let lock = ".parley-backup.lock"

    private let backups: Backups
    private let schedule: BackupConfiguration.Schedule
    private let telemetry: Telemetry
    private let started: Timestamp
    private let failure = Mutex<String?>(nil)

    public init(_ backups: Backups, _ schedule: BackupConfiguration.Schedule, telemetry: Telemetry) {
        (self.backups, self.schedule, self.telemetry) = (backups, schedule, telemetry)
        started = backups.clock.now()
        telemetry.metrics.register(BackupMetrics.all)
        telemetry.metrics.watch(BackupMetrics.last) { [folder = schedule.folder] in
            Double(BackupName.all(in: folder).last?.moment.milliseconds ?? 0) / 1000
        }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var earliest = started
            while !Task.isCancelled {
                let due = max(earliest, last.map { $0 + schedule.every } ?? earliest)
                let rest = due - backups.clock.now()
                if rest > .zero {
                    try? await Task.sleep(for: min(rest, Self.nap))
                } else if await !attempt() {
                    earliest = backups.clock.now() + min(schedule.every, Self.patience)
                }
            }
        }
    }

    private var last: Timestamp? { BackupName.all(in: schedule.folder).last?.moment }

    /// How it stands with the back-ups, for health.
    public func health() -> HealthResult {
        let (last, now) = (last, backups.clock.now())
        let told = last.map { "last good one: \($0)" } ?? "none was made yet"
        if let failure = failure.withLock({ $0 }) { return .degraded("\(told); the last attempt failed: \(failure)") }
        let isLate = now - (last ?? started) > schedule.every * 2
        return isLate ? .degraded("\(told), which is more than twice \(schedule.every.settingText) ago") : .ok(told)
    }

    /// - Returns: whether there is a back-up of this time now.
    private func attempt() async -> Bool {
        do {
            try FileManager.default.createDirectory(
                at: schedule.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard let turn = try FolderTurn(schedule.folder.appending(path: Self.lock)) else { return false }
            defer { withExtendedLifetime(turn) {} }
            // Another server may have made it meanwhile.
            if let last, last + schedule.every > backups.clock.now() { return true }
            try await make()
            failure.withLock { $0 = nil }
            return true
        } catch is CancellationError {
            return false
        } catch {
            let message = (error as? ParleyError)?.message ?? "\(error)"
            failure.withLock { $0 = message }
            telemetry.count(BackupMetrics.made, ["outcome": "failed"])
            telemetry.logger.error("the back-up could not be made", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func make() async throws {
        let (name, begun) = (BackupName(at: backups.clock.now()), ContinuousClock.now)
        let report = try await backups.make(.file(schedule.folder.appending(path: name.text)), isTried: true)
        let seconds = begun.duration(to: .now).seconds
        telemetry.count(BackupMetrics.made, ["outcome": "made"])
        telemetry.gauge(BackupMetrics.bytes, Double(report.bytes))
        telemetry.gauge(BackupMetrics.seconds, seconds)
        telemetry.logger.notice(
            "back-up made and tried", metadata: ["file": "\(name.text)", "content": "\(report.summary)", "seconds": "\(seconds)"])
        for warning in report.warnings { telemetry.logger.warning("back-up: \(warning)") }
        for old in BackupName.all(in: schedule.folder).dropLast(max(0, schedule.keep)) {
            try FileManager.default.removeItem(at: schedule.folder.appending(path: old.text))
        }
    }
}

/// Held by the process whose turn it is to work in a folder.
private final class FolderTurn {
    private let descriptor: CInt

    /// - Returns: nil when it is another's.
    init?(_ file: URL) throws {
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OpenFile.failure("The folder \(file.deletingLastPathComponent().path) cannot be written") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    deinit { close(descriptor) }
}
