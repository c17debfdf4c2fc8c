import CCrash
import Foundation
import Logging
import ParleyCore

/// The short traces that a crash leaves in the data folder: what the process was doing, and nothing of what it held in memory.
struct CrashTraces: Sendable {
    private static let kept = 10
    /// Where a crash writes.
    let folder: URL
    /// Where they lie once they have been told of.
    private var told: URL { folder.appending(path: "crashes", directoryHint: .isDirectory) }

    /// The oldest first: their names begin with the moment at which the server that crashed had started.
    var all: [URL] { (Self.traces(in: told) + Self.traces(in: folder)).sorted { $0.lastPathComponent < $1.lastPathComponent } }

    /// Has a crash of this process leave its trace. Swift's own backtracer, which may write registers and memory and takes its time, is
    /// only used where the operator asks for it (`SWIFT_BACKTRACE=enable=yes`).
    func install(at now: Timestamp) {
        guard ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"]?.contains("enable=yes") != true else { return }
        let moment = now.description.filter { $0.isNumber || $0 == "T" }
        let path = folder.appending(path: "crash-\(moment)-\(ProcessInfo.processInfo.processIdentifier).txt").path
        _ = parley_crash_install(path, Version.text)
    }

    /// Logs that the server crashed when it ran before, once for each crash, and keeps the latest traces.
    func tell(_ logger: Logger) {
        for trace in Self.traces(in: folder) {
            let place = told.appending(path: trace.lastPathComponent)
            try? FileManager.default.createDirectory(at: told, withIntermediateDirectories: true)
            try? FileManager.default.moveItem(at: trace, to: place)
            let line = (try? String(contentsOf: place, encoding: .utf8))?.split(separator: "\n").first.map(String.init)
            logger.error("The server crashed when it ran before.", metadata: ["trace": "\(place.path)", "crash": "\(line ?? "")"])
        }
        for trace in Self.traces(in: told).dropLast(Self.kept) { try? FileManager.default.removeItem(at: trace) }
    }

    private static func traces(in folder: URL) -> [URL] {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.lastPathComponent.hasPrefix("crash-") && $0.pathExtension == "txt" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
