import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct ModelSettingsTests {
        @Test(arguments: TestDatabases.all)
        func aProjectSettlesHowItsAnswersAreMade(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            let path = project.path + "/settings"
            #expect(try await project.caller.send(.get, path).json["temperature"] == .null)
            let changed = try await project.caller.send(
                .patch, path, json: ["instructions": "Speak like a sailor.", "temperature": 0.5, "passages": 1], ["If-Match": "*"])
            #expect(changed.status == 200, "\(changed.text)")
            let kept = try await project.caller.send(.patch, path, json: ["temperature": nil], ["If-Match": "*"])
            #expect(kept.json["temperature"] == .null && kept.json["passages"]?.int == 1)
            let unknown = try await project.caller.send(.patch, path, json: ["model": "no-such-model"], ["If-Match": "*"])
            #expect(unknown.problem == "input.invalid")

            let question = try await project.ask("When is the office open? [echo]", in: project.thread())
            let events = try await project.caller.follow(question + "/events")
            #expect(events.first?.data["passages"]?.array?.count == 1)
            let echo = try await project.caller.send(.get, question).json["content"]?.string ?? ""
            #expect(echo.contains("Speak like a sailor."))
        }

        @Test(arguments: TestDatabases.all)
        func usageIsRecordedAndLimited(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            try await project.add()
            _ = try await project.caller.follow(project.ask("When is the office open?", in: project.thread()) + "/events")
            let usage = try await project.caller.send(.get, project.path + "/usage?by=model")
            #expect(usage.items.first?["key"]?.string == "scripted" && usage.items.first?["prompt_tokens"]?.int == 100, "\(usage.text)")
            #expect(try await project.caller.send(.get, "/v1/me/usage?by=project").items.first?["key"]?.string == project.id.description)
            #expect(try await project.caller.send(.get, "/v1/usage").status == 403)
            let all = try await installation.admin.caller.send(.get, "/v1/usage?by=user")
            #expect(all.status == 200 && all.items.contains { $0["answers"]?.int == 1 })

            #expect(
                try await project.caller.send(.patch, project.path + "/settings", json: ["daily_tokens": 50], ["If-Match": "*"]).status
                    == 200)
            let refused = try await project.caller.send(
                .post, project.thread() + "/messages", json: ["content": "And on Saturdays?"])
            #expect(refused.status == 429 && refused.problem == "usage.tokens_used_up" && refused.header("Retry-After") != nil)
        }

        @Test(arguments: TestDatabases.all)
        func aCancelledAnswerIsCountedByEstimate(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            let path = try await project.ask("Tell me [slowly]", in: project.thread())
            let caller = project.caller
            _ = try await caller.follow(path + "/events") { event in
                if event.id == "4" { _ = try await caller.send(.post, path + "/cancel") }
                return true
            }
            let usage = try await caller.send(.get, project.path + "/usage").items.first
            #expect(usage?["estimated"]?.int == 1 && usage?["completion_tokens"]?.int ?? 0 > 0 && usage?["prompt_tokens"]?.int ?? 0 > 20)
        }
    }
}
