import ArgumentParser
import Foundation
import ParleyCore
import ParleyInference
import ParleyJobs
import ParleyTelemetry

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check settings, data folder, database, models and converters, and say what to mend.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await reporting {
            try await LocalServer.run(try options.reader(adding: ["http-port": "0", "log-level": "error", "model-warm": "true"])) {
                parley, _ in
                let fault = await Self.fault(of: parley.model)
                var report = await parley.health.ready()
                for _ in 0..<20 where (report.dependencies ?? []).contains(where: { $0.detail == HealthChecks.starting }) {
                    try await Task.sleep(for: .seconds(1))
                    report = await parley.health.ready()
                }
                for dependency in report.dependencies ?? [] where fault == nil || dependency.name != "embedding_model" {
                    Terminal.print("\(dependency.status.rawValue)  \(dependency.name)  \(dependency.detail ?? "")")
                }
                if let fault { Terminal.print("down  embedding_model  \(fault)") }
                if let latest = CrashTraces(folder: parley.settings.dataFolder).all.last {
                    Terminal.print("degraded  crashes  the server has crashed; the latest trace is \(latest.path)")
                }
                for job in try await parley.jobs.troubled(limit: 20) {
                    let reason = job.state == .dead ? "given up" : "runs alone after \(job.deaths) deaths of the server"
                    Terminal.print("job  \(job.type)  \(job.subject ?? job.id.description)  \(reason): \(job.error ?? "")")
                }
                for tool in ["pdftotext", "pdfinfo", "prlimit"] where !Self.isInstalled(tool) {
                    Terminal.print("down  \(tool)  not installed: PDF files cannot be read; install poppler-utils and util-linux")
                }
                for tool in ["tesseract", "pdftoppm", "pdfimages"] where !Self.isInstalled(tool) {
                    Terminal.print(
                        "down  \(tool)  not installed: scans and pictures cannot be read; install tesseract-ocr and poppler-utils")
                }
            }
        }
    }

    /// Why the model cannot be loaded; nil when it was.
    private static func fault(of model: any EmbeddingModel) async -> String? {
        do { _ = try await model.identity } catch { return (error as? ParleyError)?.message ?? "\(error)" }
        return nil
    }

    private static func isInstalled(_ tool: String) -> Bool {
        ["/usr/bin", "/usr/local/bin", "/bin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
    }
}
