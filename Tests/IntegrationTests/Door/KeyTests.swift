import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct KeyTests {
        @Test(arguments: TestDatabases.all)
        func aKeyOpensWhatItsPersonMayUntilItIsDeleted(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let project = try await person.project()
            let (id, secret, program) = try await person.key()
            #expect(id.hasPrefix("key_") && secret.hasPrefix("parley_"))
            #expect(try await program.send(.get, project.path).status == 200)
            #expect(try await program.send(.get, "/v1/users").status == 403)

            let listed = try await person.caller.send(.get, "/v1/me/keys")
            #expect(listed.ids == [id])
            #expect(listed.items.first?["used_at"]?.string != nil && !listed.text.contains(secret))
            let row = try await installation.parley.database.read { try $0.row("SELECT * FROM api_keys WHERE id = \(id)") }
            let stored = "\(try #require(row))"
            let random = secret.dropFirst("parley_".count)
            #expect(stored.contains(id) && !stored.contains(random), "only its hash is kept")

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
            let program = try await person.key(["name": "One", "project_id": .string(one.id.description)]).program
            let embedder = try await installation.parley.model.identity.model
            #expect(try await program.send(.get, one.path).status == 200)
            #expect(try await program.send(.get, other.path).problem == "project.not_found")
            #expect(try await program.send(.get, "/v1/projects").ids == [one.id.description])
            #expect(try await program.send(.post, "/v1/projects", json: ["name": "More"]).problem == "auth.forbidden")

            for (model, status) in [(one.id.description, 200), ("ONE", 200), (other.id.description, 404), (embedder, 403)] {
                let answer = try await program.send(.post, "/openai/v1/embeddings", json: ["model": .string(model), "input": "x"])
                #expect(answer.status == status, "\(model): \(answer.text)")
            }
            let own = try await person.caller.send(.post, "/openai/v1/embeddings", json: ["model": .string(embedder), "input": "x"])
            #expect(own.status == 200, "\(own.text)")

            let foreign = try await installation.person().project()
            let refused = try await person.caller.send(
                .post, "/v1/me/keys", json: ["name": "Foreign", "project_id": .string(foreign.id.description)])
            #expect(refused.problem == "project.not_found")
            let past = try await person.caller.send(.post, "/v1/me/keys", json: ["name": "Past", "expires_at": "2020-01-01T00:00:00Z"])
            #expect(past.problem == "input.invalid")
        }

        @Test(arguments: TestDatabases.all)
        func aNewPasswordEndsThePersonsKeys(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (person, other) = (try await installation.person(), try await installation.person())
            let (id, _, program) = try await person.key()
            let spared = try await other.key().program
            let path = "/v1/users/\(person.user.id)"
            #expect(try await installation.admin.caller.send(.patch, path, json: ["name": "Grace"]).status == 200)
            #expect(try await program.send(.get, "/v1/me").status == 200, "a new name ends nothing")
            #expect(try await installation.admin.caller.send(.patch, path, json: ["password": "a long and quiet river"]).status == 200)
            #expect(try await program.send(.get, "/v1/me").problem == "auth.required")
            #expect(try await spared.send(.get, "/v1/me").status == 200)
            let admin = installation.admin.user.id
            let told = try await installation.parley.database.read { connection in
                try connection.rows("SELECT id FROM events WHERE kind = 'key.deleted' AND subject = \(id) AND actor_id = \(admin)")
            }
            #expect(told.count == 1)
        }

        @Test(arguments: TestDatabases.all)
        func aKeyOfADisabledAccountStaysEnded(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let program = try await person.key().program
            for disabled in [true, false] {
                let changed = try await installation.admin.caller.send(
                    .patch, "/v1/users/\(person.user.id)", json: ["disabled": .bool(disabled)])
                #expect(changed.json["disabled"]?.bool == disabled, "\(changed.text)")
                #expect(try await program.send(.get, "/v1/me").problem == "auth.required")
            }
        }
    }
}
