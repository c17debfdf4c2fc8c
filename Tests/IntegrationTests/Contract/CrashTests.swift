import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// Requests that are sent again to another server, or to one that was killed in the middle.
@Suite(.serialized) struct CrashTests {
    @Test func twoServersOnOneDatabaseCarryARequestOutOnce() async throws {
        try await TestDatabases.withURL(.postgres) { url in
            let settings = [
                "database-url": url, "embedding-model": "/nowhere/model", "secrets-key": "the same key of every server, 7d1f0c2a",
            ]
            let servers = [
                try await RunningApplication(testSettings(TemporaryFolder(), settings)),
                try await RunningApplication(testSettings(TemporaryFolder(), settings)),
            ]
            let token = try await servers[0].admin().caller.token
            let callers = servers.map { Caller(base: $0.base, token: token) }
            let key = ["Idempotency-Key": UUID().uuidString]
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await eventually("it is answered") {
                            let answer = try await callers[number % 2].send(.post, "/v1/projects", json: ["name": "Once"], key)
                            return answer.status == 409 ? Optional.none : answer
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 && $0.bytes == answers[0].bytes })
            #expect(answers.count { $0.header("Idempotency-Replayed") == nil } == 1)
            #expect(try await callers[1].send(.get, "/v1/projects").items.count == 1)
            let other = try await callers[1].send(.post, "/v1/projects", json: ["name": "Other"], key)
            #expect(other.problem == "idempotency.key_reused")
            for server in servers { try await server.stop() }
        }
    }

    /// Killed at some moment of a request: the change and its answer are both there or neither is, and the request sent again is carried
    /// out once in the end.
    @Test(.enabled(if: InstalledFiles.parley != nil, "the program has not been built"))
    func aKilledServerNeitherLosesNorDoubles() async throws {
        let folder = try TemporaryFolder()
        func start() throws -> ServerProcess {
            try ServerProcess(
                InstalledFiles.parley,
                [
                    "serve", "--http-port", "0", "--data-path", folder.path + "/data", "--log-level", "critical", "--answer-quotes-only",
                    "true", "--embedding-model", "/nowhere/model",
                ])
        }
        var server = try start()
        var caller = try await server.firstLogin()
        var names: Set<String> = []
        for round in 0..<2 {
            // Several at once, so that some are before, some in and some after their commit.
            let requests = (0..<8).map { ("round \(round) number \($0)", UUID().uuidString) }
            let (victim, before) = (server, caller)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (name, key) in requests {
                    group.addTask {
                        _ = try? await before.send(.post, "/v1/projects", json: ["name": .string(name)], ["Idempotency-Key": key])
                    }
                }
                try await Task.sleep(for: .milliseconds([4, 25][round]))
                await victim.kill()
                try await group.waitForAll()
            }
            server = try start()
            caller = Caller(base: try await server.listening(), token: caller.token)
            for (name, key) in requests {
                let answer = try await caller.send(.post, "/v1/projects", json: ["name": .string(name)], ["Idempotency-Key": key])
                #expect(answer.status == 201 && answer.json["name"]?.string == name, "\(answer.text)")
                names.insert(name)
            }
        }
        let projects = try await caller.send(.get, "/v1/projects?limit=100").items
        #expect(projects.count == 16 && Set(projects.compactMap { $0["name"]?.string }) == names)
        _ = await server.stop()
    }
}
