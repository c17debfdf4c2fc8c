import Foundation
import ParleyCore
import Testing

@Suite struct ConverterProcessTests {
    private func limits(seconds: Int = 10, fileSize: Int = 1 << 20) -> ConverterProcess.Limits {
        var limits = ConverterProcess.Limits()
        (limits.seconds, limits.fileSize) = (seconds, fileSize)
        return limits
    }

    @Test func runsAloneInAnEmptyFolder() async throws {
        let (folder, lines) = try await ConverterProcess("sh", limits: limits()).run([
            "-c", "pwd; env; ls /proc/self/fd | wc -l; ps -o pgid= $$",
        ]) {
            ($0.folder, String(decoding: try Data(contentsOf: $0.output), as: UTF8.self).split(separator: "\n").map { String($0) })
        }
        #expect(lines.first == folder.path)
        #expect(!lines.contains { $0.hasPrefix("HOME=") || $0.hasPrefix("PATH=/root") })
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func statusAndMessages() async throws {
        let outcome = try await ConverterProcess("sh", limits: limits()).run(["-c", "echo oh >&2; exit 3"]) { ($0.end, $0.messages) }
        #expect(outcome == (.exit(3), "oh\n"))
    }

    @Test func timeAndOutputAreLimited() async throws {
        #expect(try await ConverterProcess("sleep", limits: limits(seconds: 1)).run(["30"]) { $0.end } == .tookTooLong)
        let flooded = try await ConverterProcess("head", limits: limits(fileSize: 4096)).run(["-c", "9000", "/dev/zero"]) { $0.end }
        #expect(flooded == .wroteTooMuch)
    }

    @Test func aProgramThatIsNotThereIsNamed() async {
        await #expect {
            try await ConverterProcess("no-such-program").run([]) { _ in }
        } throws: {
            ($0 as? ParleyError)?.code == .converterMissing
        }
    }

    @Test func cancellingKillsTheWholeGroup() async throws {
        let mark = "31.\(UInt32.random(in: 0...UInt32.max))"
        let task = Task { try await ConverterProcess("sh", limits: limits()).run(["-c", "sleep \(mark) & wait"]) { _ in } }
        while try !isRunning(mark) { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        while try isRunning(mark) { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func isRunning(_ mark: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { entry in
            guard Int(entry) != nil, let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).hasPrefix("sleep\0\(mark)")
        }
    }
}
