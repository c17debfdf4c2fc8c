import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// A key does the work; who may do what is settled by people who signed in. So nothing that a stolen key has done outlives it.
    @Suite struct KeyBoundsTests {
        private func expectRefused(_ answer: Answer, _ what: String) {
            #expect(answer.status == 403 && answer.problem == "auth.not_by_key", "\(what): \(answer.text)")
        }

        private func newUser(_ role: String = "admin") -> JSONValue {
            [
                "email": .string("\(UUID().uuidString.lowercased())@example.com"), "name": "Eve", "password": "a long and quiet river",
                "role": .string(role),
            ]
        }

        private func administrator(_ installation: Installation) async throws -> (person: Person, program: Caller) {
            let person = try await installation.person(.admin)
            return (person, try await person.key().program)
        }

        @Test(arguments: TestDatabases.all)
        func anAdministratorsKeyMakesNoAccountsAndSetsNoPasswords(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (admin, program) = try await administrator(installation)
            let other = "/v1/users/\(try await installation.person().user.id)"
            #expect(try await program.send(.get, "/v1/users").status == 200, "it reads")
            expectRefused(try await program.send(.post, "/v1/users", json: newUser("user")), "an account")
            for change: JSONValue in [["password": "another quiet river"], ["role": "admin"], ["role": "viewer"], ["disabled": false]] {
                expectRefused(try await program.send(.patch, other, json: change), "\(change.text)")
                expectRefused(try await program.send(.patch, "/v1/users/\(admin.user.id)", json: change), "\(change.text) of its own")
            }
            for quota in [other, "/v1/users/\(admin.user.id)"] {
                expectRefused(try await program.send(.put, quota + "/quota", json: ["documents": 9]), "a quota")
            }
            #expect(
                try await program.send(.patch, other, json: ["name": "Grace", "disabled": true]).status == 200, "what takes away is free")
        }

        @Test(arguments: TestDatabases.all)
        func noKeySeesMakesOrDeletesKeys(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let (id, _, program) = try await person.key()
            expectRefused(try await program.send(.get, "/v1/me/keys"), "a list")
            expectRefused(try await program.send(.get, "/v1/me/keys/" + id), "a key")
            expectRefused(try await program.send(.post, "/v1/me/keys", json: ["name": "More"]), "another key")
            expectRefused(try await program.send(.delete, "/v1/me/keys/" + id), "its end")
            #expect(try await program.send(.get, "/v1/me").status == 200)
        }

        @Test(arguments: TestDatabases.all)
        func anOwnersKeyLetsNobodyIn(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (owner, friend) = (try await installation.person(), try await installation.person())
            let project = try await owner.project()
            try await installation.join(project.id, friend, as: .viewer)
            let program = try await owner.key(["name": "Bound", "project_id": .string(project.id.description)]).program
            let member = project.path + "/members/\(friend.user.id)"
            expectRefused(try await program.send(.put, member, json: ["role": "owner"]), "a role")
            let invitation: JSONValue = ["email": "eve@example.com", "role": "viewer"]
            expectRefused(try await program.send(.post, project.path + "/invitations", json: invitation), "an invitation")
            expectRefused(try await program.send(.get, "/v1/me/invitations"), "its person's invitations")

            let hook = try await owner.caller.send(
                .post, project.path + "/webhooks", json: ["url": "http://127.0.0.1:59999/one", "events": []])
            let webhook = project.path + "/webhooks/" + (hook.json["webhook"]?["id"]?.string ?? "")
            expectRefused(
                try await program.send(.post, project.path + "/webhooks", json: ["url": "http://127.0.0.1:59999/two", "events": []]),
                "a webhook")
            expectRefused(try await program.send(.patch, webhook, json: ["url": "http://127.0.0.1:59999/two"]), "another address")
            expectRefused(try await program.send(.post, webhook + "/rotate-secret", json: [:]), "a secret")
            #expect(try await program.send(.patch, webhook, json: ["enabled": false]).status == 200)
            #expect(try await program.send(.delete, member).status == 204, "what takes away is free")
        }

        @Test(arguments: TestDatabases.all)
        func manyAtOnceChangeNothingOfIt(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (admin, program) = try await administrator(installation)
            let project = try await admin.project()
            let user = try await installation.person().user.id.description
            let (me, friend): (JSONValue, JSONValue) = (.string(admin.user.id.description), .string(user))
            let users: JSONValue = [
                ["op": "create", "body": newUser()], ["op": "update", "id": friend, "body": ["role": "admin"]],
                ["op": "update", "id": me, "body": ["password": "another quiet river"]],
            ]
            let members: JSONValue = [["op": "set", "id": friend, "body": ["role": "owner"]]]
            let invitations: JSONValue = [["op": "create", "body": ["email": "eve@example.com", "role": "owner"]]]
            let lists = [
                ("/v1/users", users), (project.path + "/members", members), (project.path + "/invitations", invitations),
            ]
            for (path, operations) in lists {
                let direct = try await program.send(.post, path + "/bulk", json: ["operations": operations])
                let accepted = try await program.send(
                    .post, path + "/bulk", json: ["operations": operations], ["Prefer": "respond-async"])
                let job = try #require(accepted.header("Location"), "\(accepted.text)")
                try await eventually("the job is done") {
                    try await program.send(.get, job).json["state"] == "done" ? () : Optional.none
                }
                let outcomes = direct.items + (try await program.send(.get, job + "/results").items)
                #expect(outcomes.count == 2 * (operations.array?.count ?? 0))
                for outcome in outcomes {
                    #expect(outcome["status"] == 403 && outcome["error"]?["code"] == "auth.not_by_key", "\(outcome.text)")
                }
            }
            #expect(try await installation.admin.caller.send(.get, "/v1/users/" + user).json["role"] == "user")
        }
    }
}
