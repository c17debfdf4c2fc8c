import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTelemetry
import ParleyTesting
import Retrieval
import Testing

@testable import Accounts
@testable import ParleyApp

/// A whole running application with its real HTTP server, on one of the engines.
struct Installation: Sendable {
    let dialect: Dialect
    let parley: Parley
    let base: URL
    let admin: Person

    /// The installations that the suites in `WithInstallations` share.
    @TaskLocal static var running: [Dialect: Installation] = [:]

    static func on(_ dialect: Dialect) throws -> Installation { try #require(running[dialect]) }

    /// Somebody with an account and a session, without the cost of passwords.
    func person(_ role: Role = .user) async throws -> Person {
        let name = "person-\(UUID().uuidString.lowercased())"
        let user = User(id: UserID(at: now), email: name + "@example.com", name: name, role: role, createdAt: now, updatedAt: now)
        try await parley.database.write { connection in
            try connection.execute(
                """
                INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
                VALUES (\(user.id), \(user.email), \(user.name), \(role.rawValue), \("none"), \(user.createdAt), \(user.updatedAt))
                """)
        }
        return Person(user: user, caller: Caller(base: base, token: try await parley.signIn.open(.test(user.id, role: role)).accessToken))
    }

    /// Makes somebody a member of a project.
    func join(_ project: ProjectID, _ person: Person, as role: ProjectRole) async throws {
        let answer = try await admin.caller.send(
            .put, "/v1/projects/\(project)/members/\(person.user.id)", json: ["role": .string(role.rawValue)])
        #expect(answer.status == 200)
    }

    private var now: Timestamp { Timestamp(Date()) }
}

/// Somebody with an account, signed in.
struct Person: Sendable {
    let user: User
    let caller: Caller

    /// A new project that this person owns.
    func project(_ name: String = "Handbook") async throws -> ProjectFolder {
        let made = try await caller.send(.post, "/v1/projects", json: ["name": .string(name)])
        try #require(made.status == 201, "\(made.text)")
        return ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
    }

    /// A new API key of this person's, and a program that has it.
    func key(_ body: JSONValue = ["name": "Program"]) async throws -> (id: String, secret: String, program: Caller) {
        let made = try await caller.send(.post, "/v1/me/keys", json: body)
        try #require(made.status == 201, "\(made.text)")
        let secret = try #require(made.json["secret"]?.string)
        return (try #require(made.json["key"]?["id"]?.string), secret, Caller(base: caller.base, token: secret))
    }

    /// The same project as this person sees it.
    func sees(_ project: ProjectFolder) -> ProjectFolder { ProjectFolder(caller: caller, id: project.id) }
}

/// The settings of an application under test, which keeps its data in this folder.
func testSettings(_ folder: TemporaryFolder, _ more: [String: String] = [:]) throws -> SettingsReader {
    let settings = [
        "http-port": "0", "log-level": "critical", "data-path": folder.path + "/data", "answer-quotes-only": "true",
        "answer-abstain": "false", "reader-enabled": "false",
        "embedding-model": try InstalledFiles.path("models/all-MiniLM-L6-v2"), "embedding-threads": "1",
        "inference-runtime": try InstalledFiles.path("runtime/openvino"),
    ]
    return SettingsReader(flags: settings.merging(more) { $1 })
}

/// An application that runs until it is told to stop.
struct RunningApplication: Sendable {
    let parley: Parley
    let base: URL
    private let task: Task<Void, any Error>
    private let stopping: AsyncStream<Void>.Continuation

    /// - Parameter logs: where log lines go; to standard error when left out.
    init(_ reader: SettingsReader, logs: (any LogSink)? = nil) async throws {
        let (ready, announce) = AsyncThrowingStream<(Parley, URL), any Error>.makeStream()
        let (stop, stopping) = AsyncStream<Void>.makeStream()
        let task = Task {
            do {
                try await LocalServer.run(reader, logs: logs) { parley, base in
                    announce.yield((parley, base))
                    for await _ in stop {}
                }
            } catch {
                announce.finish(throwing: error)
                throw error
            }
        }
        var started = ready.makeAsyncIterator()
        (parley, base) = try #require(try await started.next())
        (self.task, self.stopping) = (task, stopping)
    }

    /// The administrator, signed in.
    func admin() async throws -> Person {
        let session = try await parley.signIn.open(LocalServer.administrator(of: parley))
        return Person(user: session.user, caller: Caller(base: base, token: session.accessToken))
    }

    /// Stops everything in order.
    func stop() async throws {
        stopping.finish()
        try await task.value
    }

    /// Takes the ground from under everything, as far as that is possible within a process.
    func abort() async {
        task.cancel()
        stopping.finish()
        _ = await task.result
    }
}

extension Parley {
    /// Keeps a calibration, as `parley calibrate --save` does.
    func calibrate(_ calibration: AnswerCalibration) async throws {
        try await search.calibrate(calibration, at: Timestamp(Date()), operators.scope)
    }
}
