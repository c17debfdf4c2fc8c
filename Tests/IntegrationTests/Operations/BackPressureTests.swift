import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// What a server does that is asked for more than it can or may give.
@Suite(.serialized) struct BackPressureTests {
    private func project(_ application: RunningApplication) async throws -> ProjectFolder {
        let admin = try await LocalServer.administrator(of: application.parley)
        let token = try await application.parley.signIn.open(admin).accessToken
        return try await Person(user: admin, caller: Caller(base: application.base, token: token)).project()
    }

    @Test func questionsPastTheLimitAreSentAway() async throws {
        let model = try await ScriptedModel()
        let settings = [
            "answer-quotes-only": "false", "model-url": model.url, "model-name": "scripted", "answer-max-running": "1",
            "answer-max-waiting": "1", "rate-question": "20", "rate-bulk": "1",
        ]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await project(application)
        try await project.add()
        let thread = try await project.thread()
        let answers = [try await project.ask("Tell me [slowly]", in: thread), try await project.ask("And this?", in: thread)]
        let body: JSONValue = ["content": "One more?"]
        let refused = try await project.caller.send(.post, thread + "/messages", json: body)
        #expect(refused.status == 503 && refused.problem == "answer.overloaded" && refused.header("Retry-After") == "5")
        #expect(refused.header("RateLimit-Policy") == "\"question\";q=20;w=60")
        #expect(try await project.caller.send(.get, thread + "/messages?total=true").json["page"]?["total"]?["count"]?.int == 4)
        for answer in answers { _ = try await project.caller.send(.post, answer + "/cancel") }
        try await eventually("there is room again") {
            try await project.caller.send(.post, thread + "/messages", json: body).status == 202 ? () : Optional.none
        }
        let metrics = try await project.caller.send(.get, "/metrics").text
        #expect(metrics.contains("parley_http_problems_total{code=\"answer.overloaded\"}"))
        try await application.stop()
        await model.stop()
    }

    @Test func aDiskThatIsNearlyFullTakesNoMoreDocuments() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder(), ["storage-min-free": "1024GiB"]))
        let project = try await project(application)
        let refused = try await project.upload("Some text.")
        #expect(refused.status == 507 && refused.problem == "storage.full" && refused.header("Retry-After") == "60")
        #expect(try await project.caller.send(.post, project.threads, json: [:]).status == 201, "all else goes on")
        let ready = try await project.caller.send(.get, "/health/ready").json
        let disk = ready["dependencies"]?.array?.first { $0["name"] == "disk" }
        #expect(disk?["status"] == "degraded" && disk?["detail"]?.string?.contains("uploads are refused") == true)
        try await application.stop()
    }
}

extension WithInstallations {
    @Suite struct QuotaTests {
        @Test(arguments: TestDatabases.all)
        func anAdministratorSetsWhatAProjectMayHave(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            try await project.add()
            let path = project.path + "/quota"
            #expect(try await project.caller.send(.put, path, json: ["documents": 9]).status == 403, "not its owner")
            let before = try await project.caller.send(.get, path)
            #expect(before.json["documents"] == .null && before.header("ETag") != nil)
            let set = try await installation.admin.caller.send(.put, path, json: ["documents": 1, "monthly_tokens": 5])
            #expect(set.status == 200 && set.json["documents"]?.int == 1, "\(set.text)")
            #expect(try await project.caller.send(.get, path, ["If-None-Match": before.header("ETag") ?? ""]).status == 200)

            let refused = try await project.upload("Another text.", name: "other.md")
            #expect(refused.status == 403 && refused.problem == "quota.documents_exceeded")
            #expect(refused.json["limit"]?.int == 1 && refused.json["used"]?.int == 1)
            let question = try await project.caller.send(.post, project.thread() + "/messages", json: ["content": "Well?"])
            #expect(question.status == 429 && question.problem == "usage.tokens_used_up" && question.json["limit"]?.int == 5)

            let limits = try await project.caller.send(.get, project.path + "/usage/limits").json
            #expect(limits["documents"] == ["limit": 1, "used": 1, "reserved": 0] && limits["storage_bytes"]?["used"]?.int ?? 0 > 100)
            #expect(limits["monthly_tokens"]?["limit"]?.int == 5 && limits["daily_tokens"]?["limit"] == .null)
            #expect(try await project.caller.send(.get, "/v1/me/usage/limits").json["documents"]?["used"]?.int == 1)
        }

        @Test(arguments: TestDatabases.all)
        func deletingMakesRoomAndRestoringNeedsIt(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let project = try await person.project()
            let first = project.documents + "/" + (try #require(try await project.add()["id"]?.string))
            let size = Int64(Array(ProjectFolder.handbook.utf8).count)
            let quota = "/v1/users/\(person.user.id)/quota"
            #expect(try await installation.admin.caller.send(.put, quota, json: ["storage_bytes": .int(size + 5)]).status == 200)
            #expect(try await project.upload("Too much", name: "b.md").problem == "quota.storage_exceeded")
            #expect(try await person.caller.send(.delete, first).status == 204)
            #expect(try await project.upload("Too much", name: "b.md").status == 202)
            #expect(try await person.caller.send(.post, first + "/restore").problem == "quota.storage_exceeded")
        }
    }
}
