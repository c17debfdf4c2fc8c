import Foundation
import Synchronization

/// A program with its arguments.
struct Command: Sendable {
    private let program: URL
    private let arguments: [String]

    init(_ program: URL, _ arguments: [String]) { (self.program, self.arguments) = (program, arguments) }

    /// Runs it to its end.
    /// - Throws: `TestFailure` with what it said when it fails.
    func run() async throws {
        let process = Process()
        let output = Pipe()
        (process.executableURL, process.arguments) = (program, arguments)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, output)
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            throw TestFailure("\(program.lastPathComponent) failed: \(text)")
        }
    }

    /// Starts it on a thread that never ends, because a parent-death signal is sent when the thread that forked ends.
    func startForever() throws -> pid_t {
        let started = DispatchSemaphore(value: 0)
        let result = Mutex<Result<pid_t, any Error>?>(nil)
        let thread = Thread { [self] in
            let process = Process()
            (process.executableURL, process.arguments) = (program, arguments)
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
            let outcome = Result {
                try process.run()
                return process.processIdentifier
            }
            result.withLock { $0 = outcome }
            started.signal()
            while true { sleep(3600) }
        }
        thread.start()
        started.wait()
        guard let outcome = result.withLock({ $0 }) else { throw TestFailure("\(program.lastPathComponent) did not start.") }
        return try outcome.get()
    }
}

/// Why a test could not be set up.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
