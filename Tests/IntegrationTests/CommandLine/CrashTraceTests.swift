import Foundation
import Logging
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyApp

/// The built program, ended by the signals of a crash.
@Suite(.enabled(if: InstalledFiles.parley != nil, "the program has not been built")) struct CrashTraceTests {
    private func start(_ folder: TemporaryFolder) throws -> ServerProcess {
        try ServerProcess(
            InstalledFiles.parley,
            [
                "serve", "--http-port", "0", "--data-path", folder.path + "/data", "--log-level", "error", "--answer-quotes-only", "true",
                "--embedding-model", "/nowhere/model", "--metrics-token", "a-secret-of-this-server-42",
            ])
    }

    @Test(arguments: [(SIGSEGV, "SIGSEGV"), (SIGILL, "SIGILL"), (SIGABRT, "SIGABRT")])
    func aCrashLeavesAShortTrace(_ signal: Int32, _ name: String) async throws {
        let folder = try TemporaryFolder()
        let data = URL(filePath: folder.path + "/data")
        let server = try start(folder)
        _ = try await server.listening()
        let begun = ContinuousClock.now
        #expect(await server.end(by: signal) == signal, "the signal ends it as ever")
        #expect(begun.duration(to: .now) < .seconds(1))

        let traces = CrashTraces(folder: data)
        let file = try #require(traces.all.first)
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(
            lines.first?.contains(/^Parley \S+ crashed at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ by \w+ in thread \d+ \(.*\)$/) == true, "\(text)")
        #expect(lines.first?.contains(name) == true && lines.count > 3 && lines.count < 70)
        #expect(lines.dropFirst().allSatisfy { $0.contains(/^\S+\(\S*\) ?\[0x[0-9a-f]+\]$/) }, "\(text)")
        let rights = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(rights == 0o600 && !text.contains("a-secret-of-this-server-42") && !text.contains("PATH="))

        let again = try start(folder)
        let line = try await again.line { $0.contains("The server crashed when it ran before.") ? $0 : nil }
        #expect(line.contains(file.lastPathComponent) && line.contains(name))
        _ = try await again.listening()
        #expect(await again.stop() == 0)
        #expect(traces.all.map(\.lastPathComponent) == [file.lastPathComponent])
        #expect(!FileManager.default.fileExists(atPath: file.path), "it is told of once")
    }

    @Test func theLatestTracesAreKept() throws {
        let folder = try TemporaryFolder()
        let traces = CrashTraces(folder: URL(filePath: folder.path))
        for number in 10..<25 { try Data("x".utf8).write(to: traces.folder.appending(path: "crash-\(number).txt")) }
        traces.tell(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(traces.all.map(\.lastPathComponent) == (15..<25).map { "crash-\($0).txt" })
    }
}
