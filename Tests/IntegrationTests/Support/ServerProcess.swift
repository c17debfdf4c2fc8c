import Foundation
import ParleyCore

/// A running `parley` whose standard error is read line by line.
final class ServerProcess: Sendable {
    private let process: Process
    private let lines: AsyncStream<String>

    init(_ program: URL?, _ arguments: [String]) throws {
        let (lines, line) = AsyncStream<String>.makeStream()
        let pipe = Pipe()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                line.finish()
            }
            for text in String(decoding: data, as: UTF8.self).split(separator: "\n") { line.yield(String(text)) }
        }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        (self.process, self.lines) = (process, lines)
    }

    deinit { if process.isRunning { process.terminate() } }

    /// The first line in which something is found.
    func line<T>(_ find: (String) -> T?) async throws -> T {
        for await line in lines { if let found = find(line) { return found } }
        throw ParleyError(.unavailable, "The server ended before it listened.")
    }

    /// Its process id. A program that is replaced by another keeps it.
    var id: Int32 { process.processIdentifier }

    /// Where it listens, once it does.
    func listening() async throws -> URL {
        let text = try await line { $0.firstMatch(of: /listens on (http:\/\/127\.0\.0\.1:\d+)/).map { String($0.1) } }
        return try Self.url(text)
    }

    /// Makes the first administrator by the link that is told once it listens; a caller who is signed in.
    func firstLogin() async throws -> Caller {
        let link = try await line {
            $0.firstMatch(of: /(http:\/\/127\.0\.0\.1:\d+)\/#\/welcome\?token=([\w-]+)/).map { (String($0.1), String($0.2)) }
        }
        let base = try Self.url(link.0)
        let entered = try await Caller(base: base).send(
            .post, "/v1/auth/first-run",
            json: ["token": .string(link.1), "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"])
        return Caller(base: base, token: entered.json["access_token"]?.string)
    }

    private static func url(_ text: String) throws -> URL {
        guard let url = URL(string: text) else { throw ParleyError(.unavailable, "The server told no address.") }
        return url
    }

    /// Ends it without a word.
    func kill() async {
        Glibc.kill(process.processIdentifier, SIGKILL)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Ends it by a signal; the one that its status names.
    func end(by signal: Int32) async -> Int32 {
        Glibc.kill(process.processIdentifier, signal)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
    }

    /// Asks it to stop; its exit status.
    func stop() async -> Int32 {
        process.terminate()
        while process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        return process.terminationStatus
    }
}
