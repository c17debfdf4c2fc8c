import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct LanguageModelTests {
        private static let path = "/v1/models"

        private func draft(_ model: ScriptedModel) -> JSONValue {
            [
                "name": "second", "url": .string(model.url + "/"), "model": "scripted-2", "api_key": "sk-planted-in-clear",
                "context_window": 4096,
            ]
        }

        @Test(arguments: TestDatabases.all)
        func aModelIsAddedAskedAndTakenAway(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (admin, server) = (installation.admin.caller, try await ScriptedModel())
            let added = try await admin.send(.post, Self.path, json: draft(server))
            #expect(added.status == 201 && added.json["has_key"] == true && added.json["url"]?.string == server.url, "\(added.text)")
            #expect(!added.text.contains("sk-planted"))
            let id = try #require(added.json["id"]?.string)
            let listed = try await admin.send(.get, Self.path).items
            #expect(listed.first?["name"] == "scripted" && listed.first?["id"] == .null, "the model of the settings stays the first")
            #expect(listed.last?["name"] == "second" && listed.last?["id"]?.string == id)
            #expect(try await admin.send(.post, Self.path, json: draft(server)).problem == "language_model.name_taken")

            let project = try await installation.person().project()
            try await project.add()
            let settings = try await project.caller.send(.patch, project.path + "/settings", json: ["model": "second"], ["If-Match": "*"])
            #expect(settings.status == 200, "\(settings.text)")
            let question = try await project.ask("When is the office open?", in: project.thread())
            _ = try await project.caller.follow(question + "/events")
            #expect(try await project.caller.send(.get, question).json["model"] == "second")

            let moved = try await admin.send(
                .patch, Self.path + "/" + id, json: ["url": .string(server.url + "/other"), "context_window": 2048], ["If-Match": "*"])
            #expect(moved.json["has_key"] == false && moved.json["context_window"] == 2048, "a key is for one service: \(moved.text)")
            #expect(try await admin.send(.delete, Self.path + "/" + id, ["If-Match": "*"]).status == 204)
            #expect(try await admin.send(.get, Self.path + "/" + id).problem == "language_model.not_found")
            let again = try await project.ask("When is the office open?", in: project.thread())
            _ = try await project.caller.follow(again + "/events")
            #expect(try await project.caller.send(.get, again).json["model"] == "scripted", "another stands in for it")
            await server.stop()
        }

        @Test(arguments: TestDatabases.all)
        func aModelIsTriedBeforeItIsAdded(_ dialect: Dialect) async throws {
            let admin = try Installation.on(dialect).admin.caller
            let server = try await ScriptedModel()
            let tried = try await admin.send(.post, Self.path + "/try", json: draft(server))
            #expect(tried.status == 200 && tried.json["error"] == .null && tried.json["first_words_ms"] != .null, "\(tried.text)")
            await server.stop()
            let gone = try await admin.send(.post, Self.path + "/try", json: draft(server))
            #expect(gone.status == 200 && gone.json["error"]?["code"]?.string != nil, "\(gone.text)")
            #expect(try await admin.send(.get, Self.path).items.contains { $0["name"] == "second" } == false)
        }

        @Test(arguments: TestDatabases.all)
        func onlyAdministratorsWhoSignedInAddModels(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let body: JSONValue = ["name": "mine", "url": "http://127.0.0.1:1/v1", "model": "x"]
            #expect(try await installation.person().caller.send(.post, Self.path, json: body).status == 403)
            let program = try await installation.person(.admin).key().program
            #expect(try await program.send(.post, Self.path, json: body).problem == "auth.not_by_key")
            #expect(try await program.send(.get, Self.path + "/servers").problem == "auth.not_by_key")
        }

        @Test(arguments: [
            "ftp://example.com", "http://", "http://169.254.169.254/v1", "http://[fe80::1]/v1", "http://[::ffff:169.254.169.254]/v1",
            "http://2852039166/v1", "http://metadata.google.internal/v1", "http://me:secret@example.com/v1", "http://example.com/v1?key=1",
        ])
        func someAddressesAreRefused(_ url: String) async throws {
            let admin = try Installation.on(.sqlite).admin.caller
            let answer = try await admin.send(.post, Self.path, json: ["name": "bad", "url": .string(url), "model": "x"])
            #expect(answer.status == 422 && answer.problem == "input.invalid", "\(url): \(answer.text)")
        }
    }
}
