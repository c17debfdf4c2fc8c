import Backup
import Library
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyJobs
import ParleyRemote
import ParleyTelemetry

/// What readiness depends on. Without the models Parley still answers, less well: they only degrade it.
enum HealthChecks {
    /// Free space below which the disk is called degraded.
    private static let lowDisk = 1 << 30

    /// What is said of a model that has begun to load.
    static let starting = "starting"

    static func all(
        database: Database, model: any EmbeddingModel, passageReader: (any PassageReader)?, chat: (any ChatModel)?,
        supervisor: ModelSupervisor?, remote: RemoteClient, disk: DiskSpace, jobs: JobQueue, backups: BackupService?
    ) -> [HealthCheck] {
        var checks = [
            HealthCheck("database") {
                try await database.check()
                return .ok(database.dialect.rawValue)
            },
            HealthCheck("disk", required: false) {
                guard let free = disk.free else { return .degraded("the free space cannot be told") }
                let detail = "\(free / 1_000_000) MB free"
                if disk.isLow { return .degraded(detail + ": uploads are refused") }
                return free < lowDisk ? .degraded(detail) : .ok(detail)
            },
            HealthCheck("embedding_model", required: false) { .ok(try await model.checkHealth()) },
            HealthCheck("reader", required: false) {
                guard let passageReader else { return .ok("switched off: likeness tells what answers") }
                return .ok(try await passageReader.checkHealth())
            },
            HealthCheck("language_model", required: false) {
                guard let chat else { return .ok("none configured: answers quote the documents") }
                if let told = try supervisor.flatMap(unready) { return told }
                try await chat.checkHealth()
                return .ok(chat.descriptor.name)
            },
            HealthCheck("remote_services", required: false) { circuits(of: remote) },
            HealthCheck("jobs", required: false) { try await troubles(of: jobs) },
        ]
        if let backups { checks.append(HealthCheck("backup", required: false) { backups.health() }) }
        return checks
    }

    /// Jobs that were given up, and whether one that may have ended the server waits to run alone.
    private static func troubles(of jobs: JobQueue) async throws -> HealthResult {
        let troubled = try await jobs.troubled(limit: 1000)
        let dead = troubled.count { $0.state == .dead }
        let detail = "\(dead) given up"
        guard troubled.count > dead else { return .ok(dead > 0 ? detail : nil) }
        return .degraded(detail + ", \(troubled.count - dead) run alone, since they may be what ended the server")
    }

    /// Hosts that are left alone after failures.
    private static func circuits(of remote: RemoteClient) -> HealthResult {
        let shut = remote.circuits.filter { $0.circuit != .closed }.map { "\($0.host) (\($0.circuit.rawValue))" }
        return shut.isEmpty ? .ok() : .degraded("left alone after repeated failures: " + shut.joined(separator: ", "))
    }

    /// What there is to say of the local model while it does not serve; asking for its health must not start it.
    private static func unready(_ supervisor: ModelSupervisor) throws -> HealthResult? {
        switch supervisor.state {
        case .ready: return nil
        case .starting: return .degraded(starting)
        case .failed(let error): throw error
        case .stopped: return .degraded("stopped")
        case .idle:
            try supervisor.checkFiles()
            return .ok("installed; the first question starts it")
        }
    }
}
