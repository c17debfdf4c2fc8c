import Accounts
import Crypto
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyApp

/// Secrets are sent through every operation that takes one and taken from every one that gives one; then they are looked for wherever the
/// server writes: in every table, in the files of the data folder, in the log, and in the answers that tell of errors.
@Suite struct PlantedSecretsTests {
    @Test(arguments: TestDatabases.all) func areFoundNowhere(_ dialect: Dialect) async throws {
        let (folder, logs) = (try TemporaryFolder(), MemorySink())
        let settings = ["log-level": "trace", "outbound-plain-http": "true", "outbound-allowed-ranges": "127.0.0.1/32"]
        switch dialect {
        case .sqlite: try await plant(dialect, try testSettings(folder, settings), logs, folder)
        case .postgres:
            try await TestDatabases.withURL(.postgres) { url in
                let settings = settings.merging(["database-url": url]) { $1 }
                try await plant(dialect, try testSettings(folder, settings), logs, folder)
            }
        }
    }

    private func plant(_ dialect: Dialect, _ settings: SettingsReader, _ logs: MemorySink, _ folder: TemporaryFolder) async throws {
        let application = try await RunningApplication(settings, logs: logs)
        do {
            var garden = Garden(application)
            try await garden.signIn()
            try await garden.changeUsers()
            try await garden.changeUsersInBulk()
            try await garden.makeKeysAndWebhooks()
            let job = try await garden.changeUsersInTheBackground()
            // While operations wait, they are in the database.
            #expect(try await count("bulk_parts", application.parley.database) > 0)
            try await search(garden, dialect, application, folder)
            try await garden.isDone(job)
            #expect(try await count("bulk_parts", application.parley.database) == 0)
            #expect(try await count("bulk_outcomes", application.parley.database) == 64)
            try await search(garden, dialect, application, folder)
            let (log, told) = (Data(logs.lines.joined().utf8), Data(garden.told.joined().utf8))
            for secret in garden.secrets {
                #expect(!log.holds(secret), "a secret stands in the log")
                #expect(!told.holds(secret), "a secret stands in an answer")
            }
            #expect(logs.lines.count > 20 && garden.secrets.count > 90 && garden.bodies.count > 10)
        } catch {
            try await application.stop()
            throw error
        }
        try await application.stop()
    }

    private func count(_ table: String, _ database: Database) async throws -> Int {
        try await database.read { try $0.row(SQL(raw: "SELECT count(*) AS n FROM \(table)"))?["n"] ?? 0 }
    }

    /// Looks for the secrets, and for the bare hashes of the bodies that they were sent in.
    private func search(_ garden: Garden, _ dialect: Dialect, _ application: RunningApplication, _ folder: TemporaryFolder) async throws {
        let hashes = garden.bodies.map { SHA256.hash(data: Data($0.utf8)).map { String(format: "%02x", $0) }.joined() }
        var places: [(name: String, bytes: Data)] = []
        let files = FileManager.default.enumerator(
            at: URL(filePath: folder.path + "/data"), includingPropertiesForKeys: [.isRegularFileKey])
        while let file = files?.nextObject() as? URL {
            if try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
                places.append((file.lastPathComponent, try Data(contentsOf: file)))
            }
        }
        if dialect == .postgres { places += try await tables(application.parley.database) }
        #expect(places.contains { $0.bytes.count > 10_000 })
        for place in places {
            for secret in garden.secrets {
                let forms = [secret, Data(secret.utf8).base64EncodedString(), secret.utf8.map { String(format: "%02x", $0) }.joined()]
                for form in forms { #expect(!place.bytes.holds(form), "a secret stands in \(place.name)") }
            }
            for hash in hashes { #expect(!place.bytes.holds(hash), "the hash of a body stands in \(place.name)") }
        }
    }

    /// Every row of every table as text; bytes are hexadecimal in it.
    private func tables(_ database: Database) async throws -> [(name: String, bytes: Data)] {
        try await database.read { connection in
            let names: [String] = try connection.rows(
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
            ).map { try $0["name"] }
            #expect(names.count > 20)
            return try names.map { name in
                let rows: [String] = try connection.rows(SQL(raw: "SELECT row_to_json(t)::text AS line FROM \"\(name)\" t")).map {
                    try $0["line"]
                }
                return (name, Data(rows.joined(separator: "\n").utf8))
            }
        }
    }
}

/// Sends secrets, and remembers them with what it was told.
private struct Garden {
    private let application: RunningApplication
    private var caller: Caller
    private(set) var secrets: [String] = []
    /// Answers that tell of errors, or what became of operations.
    private(set) var told: [String] = []
    /// Bodies with an idempotency key, as a bare hash would have them.
    private(set) var bodies: [String] = []

    init(_ application: RunningApplication) { (self.application, caller) = (application, Caller(base: application.base)) }

    private mutating func secret() -> String {
        secrets.append("planted-\(UUID().uuidString.lowercased())")
        return secrets[secrets.count - 1]
    }

    private var email: JSONValue { .string("\(UUID().uuidString.lowercased())@example.com") }

    @discardableResult
    private mutating func send(_ path: String, _ body: JSONValue, _ headers: [String: String] = [:], patch: Bool = false) async throws
        -> Answer
    {
        let answer = try await caller.send(patch ? .patch : .post, path, json: body, headers)
        if answer.status >= 400 || path.contains("/bulk") { told.append(answer.text) }
        return answer
    }

    /// Once without an idempotency key, and twice with one.
    private mutating func sendKeyed(_ path: String, patch: Bool = false, _ body: (inout Garden) -> JSONValue) async throws {
        try await send(path, body(&self), patch: patch)
        let key = ["Idempotency-Key": UUID().uuidString]
        let json = body(&self)
        bodies.append("\(patch ? "PATCH" : "POST")\n\(path)\n" + json.text)
        for _ in 0..<2 { try await send(path, json, key, patch: patch) }
    }

    private mutating func note(_ session: JSONValue) {
        for name in ["access_token", "refresh_token"] { if let token = session[name]?.string { secrets.append(token) } }
    }

    mutating func signIn() async throws {
        let token = try #require(try await application.parley.signIn.issueFirstRunToken())
        secrets.append(token)
        let password = secret()
        try await send("/v1/auth/first-run", ["token": .string(secret()), "email": email, "name": "A", "password": .string(secret())])
        let first = try await send(
            "/v1/auth/first-run", ["token": .string(token), "email": "ada@example.com", "name": "Ada", "password": .string(password)])
        note(first.json)
        caller.token = first.json["access_token"]?.string
        for password in [password, secret()] {
            note(try await send("/v1/auth/sign-in", ["email": "ada@example.com", "password": .string(password)]).json)
        }
        try await send("/v1/auth/sign-in", ["email": "ada@example.com", "password": .string(secret()), "other": 1])
        let refresh = try #require(first.json["refresh_token"]?.string)
        let again = try await send("/v1/auth/refresh", ["refresh_token": .string(refresh)])
        note(again.json)
        caller.token = again.json["access_token"]?.string
        for token in [secret(), secret()] { try await send("/v1/auth/refresh", ["refresh_token": .string(token)]) }
        try await send("/v1/auth/sign-out", ["refresh_token": .string(secret())])
    }

    private mutating func newUser(_ more: [String: JSONValue] = [:]) -> JSONValue {
        let user: [String: JSONValue] = ["email": email, "name": "B", "password": .string(secret())]
        return .object(user.merging(more) { $1 })
    }

    private mutating func newPassword(_ more: [String: JSONValue] = [:]) -> JSONValue {
        let change: [String: JSONValue] = ["password": .string(secret())]
        return .object(change.merging(more) { $1 })
    }

    mutating func changeUsers() async throws {
        for more: [String: JSONValue] in [[:], ["email": "none"], ["colour": "red"], ["role": "king"]] {
            try await sendKeyed("/v1/users") { $0.newUser(more) }
        }
        let made = try await send("/v1/users", newUser())
        let path = "/v1/users/" + (try #require(made.json["id"]?.string))
        for more: [String: JSONValue] in [[:], ["colour": "red"]] {
            try await sendKeyed(path, patch: true) { $0.newPassword(more) }
        }
        try await sendKeyed("/v1/users/\(UserID(at: Timestamp(Date())))", patch: true) { $0.newPassword() }
    }

    /// Operations that succeed, and then those that fail.
    private mutating func operations(_ failing: Bool) -> [JSONValue] {
        let good: [JSONValue] = [["op": "create", "body": newUser()], ["op": "create", "body": newUser()]]
        guard failing else { return good }
        let unknown = UserID(at: Timestamp(Date())).description
        return good + [
            ["op": "create", "body": newUser(["email": "none"])], ["op": "create", "body": newUser(["colour": "red"])],
            ["op": "create", "body": ["passwort": .string(secret())]], ["op": "insert", "body": newUser()],
            ["op": "update", "body": newPassword()], ["op": "update", "id": .string(unknown), "body": newPassword()],
        ]
    }

    mutating func changeUsersInBulk() async throws {
        for path in ["/v1/users/bulk", "/v1/users/bulk?mode=atomic"] {
            for failing in [false, true] { try await sendKeyed(path) { ["operations": .array($0.operations(failing))] } }
        }
    }

    /// - Returns: the path of the job, which is not done yet.
    mutating func changeUsersInTheBackground() async throws -> String {
        var all: [JSONValue] = []
        for _ in 0..<8 { all += operations(true) }
        let body: JSONValue = ["operations": .array(all)]
        bodies.append("POST\n/v1/users/bulk\n" + body.text)
        let headers = ["Prefer": "respond-async", "Idempotency-Key": UUID().uuidString]
        let answer = try await send("/v1/users/bulk", body, headers)
        try #require(answer.status == 202, "\(answer.text)")
        return try #require(answer.header("Location"))
    }

    mutating func isDone(_ job: String) async throws {
        let caller = caller
        let status = try await eventually("the job is done") {
            let status = try await caller.send(.get, job).json
            return status["state"] == "done" ? status : Optional.none
        }
        #expect(status["succeeded"] == 16 && status["failed"] == 48)
        told.append(try await caller.send(.get, job + "/results?limit=100").text)
    }

    mutating func makeKeysAndWebhooks() async throws {
        for headers in [[:], ["Idempotency-Key": UUID().uuidString]] {
            let key = try await send("/v1/me/keys", ["name": "Notebook"], headers)
            secrets.append(try #require(key.json["secret"]?.string))
            let project = try await send("/v1/projects", ["name": "P"])
            let path = "/v1/projects/" + (try #require(project.json["id"]?.string)) + "/webhooks"
            let webhook = try await send(path, ["url": "http://127.0.0.1:9999/hook"], headers.mapValues { _ in UUID().uuidString })
            secrets.append(try #require(webhook.json["secret"]?.string, "\(webhook.text)"))
            let id = try #require(webhook.json["webhook"]?["id"]?.string)
            let rotated = try await send(path + "/\(id)/rotate-secret", [:], headers.mapValues { _ in UUID().uuidString })
            secrets.append(try #require(rotated.json["secret"]?.string, "\(rotated.text)"))
        }
    }
}

extension Data {
    /// Whether the text's bytes stand anywhere within.
    fileprivate func holds(_ text: String) -> Bool {
        let pattern = Array(text.utf8)
        return withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let first = pattern.first, bytes.count >= pattern.count else { return false }
            var index = 0
            let last = bytes.count - pattern.count
            while index <= last, let found = memchr(base + index, Int32(first), last - index + 1) {
                let place = base.distance(to: UnsafeRawPointer(found))
                if memcmp(base + place, pattern, pattern.count) == 0 { return true }
                index = place + 1
            }
            return false
        }
    }
}
