import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct KeyTests {
        private func key(_ person: Person, _ body: JSONValue) async throws -> (id: String, secret: String) {
            let answer = try await person.caller.send(.post, "/v1/me/keys", json: body)
            try #require(answer.status == 201, "\(answer.text)")
            return (try #require(answer.json["key"]?["id"]?.string), try #require(answer.json["secret"]?.string))
        }

        @Test(arguments: TestDatabases.all)
        func aKeyOpensWhatItsPersonMayUntilItIsDeleted(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let project = try await person.project()
            let (id, secret) = try await key(person, ["name": "Notebook"])
            #expect(id.hasPrefix("key_") && secret.hasPrefix("parley_"))
            let program = Caller(base: installation.base, token: secret)
            #expect(try await program.send(.get, project.path).status == 200)
            #expect(try await program.send(.get, "/v1/users").status == 403)

            let listed = try await person.caller.send(.get, "/v1/me/keys")
            #expect(listed.ids == [id])
            #expect(listed.items.first?["used_at"]?.string != nil && !listed.text.contains(secret))
            let rows = try await installation.parley.database.read { try $0.rows("SELECT secret_hash FROM api_keys") }
            let hashes: [String] = try rows.map { try $0["secret_hash"] }
            #expect(!hashes.isEmpty && hashes.allSatisfy { !secret.contains($0) && $0.count == 64 })

            let byKey = try await program.send(.post, "/v1/me/keys", json: ["name": "More"])
            #expect(byKey.status == 403 && byKey.problem == "key.not_by_key")
            let stranger = try await installation.person()
            #expect(try await stranger.caller.send(.delete, "/v1/me/keys/\(id)").problem == "key.not_found")
            #expect(try await person.caller.send(.delete, "/v1/me/keys/\(id)").status == 204)
            #expect(try await program.send(.get, project.path).problem == "auth.required")
        }

        @Test(arguments: TestDatabases.all)
        func aKeyForOneProjectOpensNoOther(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let (one, other) = (try await person.project("One"), try await person.project("Other"))
            let (_, secret) = try await key(person, ["name": "One", "project_id": .string(one.id.description)])
            let program = Caller(base: installation.base, token: secret)
            #expect(try await program.send(.get, one.path).status == 200)
            #expect(try await program.send(.get, other.path).problem == "project.not_found")
            #expect(try await program.send(.get, "/v1/projects").ids == [one.id.description])
            #expect(try await program.send(.post, "/v1/projects", json: ["name": "More"]).problem == "auth.forbidden")

            let foreign = try await installation.person().project()
            let refused = try await person.caller.send(
                .post, "/v1/me/keys", json: ["name": "Foreign", "project_id": .string(foreign.id.description)])
            #expect(refused.problem == "project.not_found")
            let past = try await person.caller.send(.post, "/v1/me/keys", json: ["name": "Past", "expires_at": "2020-01-01T00:00:00Z"])
            #expect(past.problem == "input.invalid")
        }
    }
}
