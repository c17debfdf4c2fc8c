import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyTesting
import Synchronization
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Requests that are sent again.
    @Suite struct IdempotencyTests {
        private func key() -> [String: String] { ["Idempotency-Key": UUID().uuidString] }

        private func projects(_ person: Person) async throws -> Int { try await person.caller.send(.get, "/v1/projects").items.count }

        @Test(arguments: TestDatabases.all) func aSecondSendingGetsTheFirstAnswer(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let key = key()
            let first = try await person.caller.send(.post, "/v1/projects", json: ["name": "Once"], key)
            #expect(first.status == 201 && first.header("Idempotency-Replayed") == nil)
            let again = try await person.caller.send(.post, "/v1/projects", json: ["name": "Once"], key)
            #expect(again.status == 201 && again.bytes == first.bytes)
            #expect(again.header("Idempotency-Replayed") == "true")
            #expect(again.header("Location") == first.header("Location"))
            #expect(again.header("X-Request-Id") != first.header("X-Request-Id"))
            #expect(try await projects(person) == 1)
        }

        @Test(arguments: TestDatabases.all) func aKeyStandsForOneRequestOfOnePerson(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (person, other) = (try await installation.person(), try await installation.person())
            let key = key()
            #expect(try await person.caller.send(.post, "/v1/projects", json: ["name": "One"], key).status == 201)
            let reused = try await person.caller.send(.post, "/v1/projects", json: ["name": "Two"], key)
            #expect(reused.status == 422 && reused.problem == "idempotency.key_reused")
            #expect(try await other.caller.send(.post, "/v1/projects", json: ["name": "Two"], key).status == 201)
            for wrong in ["", String(repeating: "k", count: 256), "a key"] {
                let refused = try await person.caller.send(.post, "/v1/projects", json: ["name": "One"], ["Idempotency-Key": wrong])
                #expect(refused.problem == "idempotency.key_invalid", "\(wrong)")
            }
        }

        @Test(arguments: TestDatabases.all) func aDeletionIsReplayedThoughItsThingIsGone(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let project = try await person.project()
            let key = key()
            #expect(try await person.caller.send(.delete, project.path, key).status == 204)
            let again = try await person.caller.send(.delete, project.path, key)
            #expect(again.status == 204 && again.header("Idempotency-Replayed") == "true")
            #expect(try await person.caller.send(.delete, project.path).status == 404)
        }

        @Test(arguments: TestDatabases.all) func anAnswerIsShownToNobodyWhoMayNotCallAnyMore(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            let member = try await installation.person()
            try await installation.join(project.id, member, as: .owner)
            let key = key()
            #expect(try await member.caller.send(.patch, project.path, json: ["name": "Mine"], key).status == 200)
            let path = project.path + "/members/\(member.user.id)"
            #expect(try await installation.admin.caller.send(.delete, path).status == 204)
            let again = try await member.caller.send(.patch, project.path, json: ["name": "Mine"], key)
            #expect(again.problem == "project.not_found")
        }

        @Test(arguments: TestDatabases.all) func aRefusedRequestMayBeSentAgain(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let project = try await person.project()
            let other = try await installation.person(.viewer)
            let key = key()
            let path = project.path + "/members/\(person.user.id)"
            // The last owner would be gone: the write is undone and so is the claim.
            #expect(try await person.caller.send(.put, path, json: ["role": "viewer"], key).problem == "member.last_owner")
            #expect(try await person.caller.send(.put, path, json: ["role": "viewer"], key).problem == "member.last_owner")
            try await installation.join(project.id, other, as: .owner)
            let done = try await person.caller.send(.put, path, json: ["role": "viewer"], key)
            #expect(done.status == 200 && done.header("Idempotency-Replayed") == nil)
        }

        @Test(arguments: TestDatabases.all) func uploadsAreKeyedWithoutTheirBytes(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let headers = key().merging(["Content-Type": "application/octet-stream"]) { $1 }
            let first = try await project.caller.send(.post, project.documents + "?name=a.txt", bytes: Array("words".utf8), headers)
            #expect(first.status == 202)
            let again = try await project.caller.send(.post, project.documents + "?name=a.txt", bytes: Array("words".utf8), headers)
            #expect(again.status == 202 && again.bytes == first.bytes && again.header("Idempotency-Replayed") == "true")
            let longer = try await project.caller.send(.post, project.documents + "?name=a.txt", bytes: Array("longer words".utf8), headers)
            #expect(longer.problem == "idempotency.key_reused")
            let multipart = key()
            for boundary in ["one", "another"] {
                let form =
                    "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.txt\"\r\n\r\nmore\r\n--\(boundary)--\r\n"
                let answer = try await project.caller.send(
                    .post, project.documents, bytes: Array(form.utf8),
                    multipart.merging(["Content-Type": "multipart/form-data; boundary=\(boundary)"]) { $1 })
                #expect(answer.status == 202 && (answer.header("Idempotency-Replayed") == "true") == (boundary == "another"))
            }
        }

        @Test(arguments: TestDatabases.all) func aSecretIsNotKept(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let endpoint = try #require(installation.parley.endpoints.first { $0.id == "keys.create" })
            #expect(endpoint.isIdempotencyKeyed && endpoint.cache == .secret)
            let key = key()
            let first = try await person.caller.send(.post, endpoint.path, json: ["name": "backup"], key)
            #expect(first.status == 201, "\(first.text)")
            let again = try await person.caller.send(.post, endpoint.path, json: ["name": "backup"], key)
            #expect(again.status == 409 && again.problem == "idempotency.answer_not_kept")
            let secret = try #require(first.json["key"]?.string ?? first.json["secret"]?.string ?? first.json["token"]?.string)
            let stored = try await installation.parley.database.read { connection in
                try connection.rows("SELECT headers, body FROM idempotency_keys WHERE user_id = \(person.user.id)").map {
                    (try $0["headers"] as JSONValue?, try $0["body"] as [UInt8]?)
                }
            }
            #expect(stored.count == 1 && stored[0].1 == nil && stored[0].0?.text.contains(secret) == false)
        }

        @Test(arguments: TestDatabases.all) func manyAtOnceAreCarriedOutOnce(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let key = key()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<12 {
                    group.addTask {
                        try await eventually("the answer comes") {
                            let answer = try await person.caller.send(.post, "/v1/projects", json: ["name": "Once"], key)
                            if answer.status == 409 {
                                #expect(answer.problem == "idempotency.in_progress" && answer.header("Retry-After") != nil)
                                return Optional.none
                            }
                            return answer.status
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 201, count: 12))
            #expect(try await projects(person) == 1)
        }
    }
}

/// The rows themselves: crashes, other nodes, the end of time.
@Suite struct IdempotencyRecordsTests {
    private struct Crash: Error {}

    private final class Hands: WallClock {
        let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
        func now() -> Timestamp { time.withLock { $0 } }
        func pass(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
    }

    private func with(
        _ dialect: Dialect,
        _ body:
            @Sendable (Database, IdempotencyRecords, Hands, @Sendable (String, String) -> IdempotentRequest) async throws
            -> Void
    ) async throws {
        try await TestDatabases.with(dialect, Parley.migrations) { database in
            let clock = Hands()
            let user = UserID(at: clock.now())
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
                    VALUES (\(user), \("a@example.com"), \("A"), \("user"), \("x"), \(clock.now()), \(clock.now()))
                    """)
            }
            let records = IdempotencyRecords(
                database: database, clock: clock, seal: SecretSeal(installation: Secret("of this test alone"), purpose: "idempotency"),
                retention: .seconds(3600))
            try await body(database, records, clock) { key, fingerprint in
                IdempotentRequest(user: user, key: key, fingerprint: fingerprint, attempt: RequestID(at: clock.now()))
            }
        }
    }

    private let answer = KeptAnswer(status: 201, headers: [.init("Location", "/x")], body: Array("{}".utf8))

    @Test(arguments: TestDatabases.all) func anAttemptThatCrashedFreesItsKeyInTime(_ dialect: Dialect) async throws {
        try await with(dialect) { _, records, clock, request in
            let (first, second) = (request("k", "f"), request("k", "f"))
            #expect(try await records.claim(first) == nil)
            let busy = await #expect(throws: ParleyError.self) { try await records.claim(second) }
            #expect(busy?.code == .idempotencyInProgress)
            // Nothing more is heard of the first.
            clock.pass(.seconds(31))
            #expect(try await records.claim(second) == nil)
            let answer = answer
            try await records.carryOut(second) { ((), answer) }
            #expect(try await records.claim(request("k", "f")) == answer)
        }
    }

    @Test(arguments: TestDatabases.all) func whoLostTheKeyChangesNothing(_ dialect: Dialect) async throws {
        try await with(dialect) { database, records, clock, request in
            let (slow, quick) = (request("k", "f"), request("k", "f"))
            #expect(try await records.claim(slow) == nil)
            clock.pass(.seconds(31))
            #expect(try await records.claim(quick) == nil)
            let answer = answer
            let refused = await #expect(throws: ParleyError.self) {
                try await records.carryOut(slow) {
                    try await database.write { try $0.execute("UPDATE users SET name = \("Slow")") }
                    return ((), answer)
                }
            }
            #expect(refused?.code == .idempotencyInProgress)
            try await records.carryOut(quick) {
                try await database.write { try $0.execute("UPDATE users SET name = name || \("!")") }
                return ((), answer)
            }
            let name: String? = try await database.read { try $0.row("SELECT name FROM users")?["name"] }
            #expect(name == "A!")
        }
    }

    @Test(arguments: TestDatabases.all) func theChangeAndItsAnswerAreOneTransaction(_ dialect: Dialect) async throws {
        try await with(dialect) { database, records, _, request in
            let attempt = request("k", "f")
            #expect(try await records.claim(attempt) == nil)
            let answer = answer
            await #expect(throws: Crash.self) {
                try await records.carryOut(attempt) { () -> (Int, KeptAnswer) in
                    try await database.write { try $0.execute("UPDATE users SET name = \("Changed")") }
                    throw Crash()
                }
            }
            let name: String? = try await database.read { try $0.row("SELECT name FROM users")?["name"] }
            #expect(name == "A")
            let second = request("k", "f")
            #expect(try await records.claim(second) == nil, "the key is free at once")
            try await records.carryOut(second) {
                try await database.write { try $0.execute("UPDATE users SET name = \("Changed")") }
                let elsewhere = try await Task.detached {
                    try await database.read { try $0.row("SELECT status FROM idempotency_keys")?["status"] as Int? }
                }.value
                #expect(elsewhere == nil, "nobody sees an answer before the change")
                return ((), answer)
            }
            #expect(try await records.claim(request("k", "f")) == answer)
        }
    }

    @Test(arguments: TestDatabases.all) func keysAreForgotten(_ dialect: Dialect) async throws {
        try await with(dialect) { _, records, clock, request in
            let answer = answer
            for key in ["a", "b"] {
                let attempt = request(key, "f")
                #expect(try await records.claim(attempt) == nil)
                try await records.carryOut(attempt) { ((), answer) }
            }
            clock.pass(.seconds(3601))
            #expect(try await records.claim(request("a", "another request")) == nil)
            #expect(try await records.sweep() == 1)
        }
    }
}
