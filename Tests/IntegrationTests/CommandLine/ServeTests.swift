import Foundation
import ParleyCore
import Testing

@testable import ParleyApp

/// The built program with the packaged models: what somebody sees who starts it for the first time.
@Suite(.enabled(if: InstalledFiles.parley != nil, "the program has not been built")) struct ServeTests {
    @Test func fromTheFirstLoginToAnAnswer() async throws {
        let folder = try TemporaryFolder()
        let server = try Server(
            InstalledFiles.parley,
            [
                "serve", "--http-port", "0", "--data-path", folder.path + "/data", "--log-level", "critical", "--answer-max-tokens", "16",
                "--model-warm", "true",
                "--answer-prompt-tokens", "400", "--embedding-model", try InstalledFiles.path("models/all-MiniLM-L6-v2"),
                "--inference-runtime", try InstalledFiles.path("runtime/openvino"),
                "--model-folder", try InstalledFiles.path("models/SmolLM2-135M-Instruct"),
            ])
        let link = try await server.line {
            $0.firstMatch(of: /(http:\/\/127\.0\.0\.1:\d+)\/#\/welcome\?token=([\w-]+)/).map { ($0.1, $0.2) }
        }
        let base = try #require(URL(string: String(link.0)))
        let entered = try await Caller(base: base).send(
            .post, "/v1/auth/first-run",
            json: ["token": .string(String(link.1)), "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"])
        let caller = Caller(base: base, token: try #require(entered.json["access_token"]?.string))
        let made = try await caller.send(.post, "/v1/projects", json: ["name": "Handbook"])
        let project = ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
        try await project.add()
        try await eventually("the language model has started") {
            let found = try await caller.send(.get, "/health/ready").json["dependencies"]?.array ?? []
            return found.contains { $0["name"] == "language_model" && $0["status"] == "ok" } ? () : Optional.none
        }
        let path = try await project.ask("When is the office open?", in: project.thread())
        let events = try await caller.follow(path + "/events")
        #expect(events.last?.kind == "done")
        let message = try await caller.send(.get, path).json
        let failing = Set((message["degraded"]?.array ?? []).compactMap { $0["component"]?.string })
        #expect(message["model"]?.string == "SmolLM2-135M-Instruct" && failing.isDisjoint(with: ["model", "embedding"]), "\(failing)")
        #expect(message["content"]?.string?.isEmpty == false && (message["usage"]?["prompt_tokens"]?.int ?? 0) > 50)
        #expect(await server.stop() == 0, "a polite signal ends it in order")
    }
}

/// A running `parley` whose standard error is read line by line.
private final class Server: Sendable {
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

    /// Asks it to stop; its exit status.
    func stop() async -> Int32 {
        process.terminate()
        while process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        return process.terminationStatus
    }
}
