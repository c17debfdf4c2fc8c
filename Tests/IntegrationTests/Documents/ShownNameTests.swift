import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Names that would fool those who read them.
    @Suite struct ShownNameTests {
        @Test(arguments: TestDatabases.all)
        func namesLoseWhatIsNotSeen(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let project = try await person.project("Pay\u{200B}roll \u{202E}live")
            #expect(try await project.caller.send(.get, project.path).json["name"] == "Payroll live")
            let unseen = try await person.caller.send(.post, "/v1/projects", json: ["name": "\u{202E}\u{200B}"])
            #expect(unseen.status == 422 && unseen.json["errors"]?.array?.first?["pointer"] == "/name", "\(unseen.text)")

            let document = try await project.upload("The text.", name: "report%E2%80%AEfdp.exe%1B%5B2J.txt", tags: ["a%E2%80%AEb"])
            #expect(document.json["name"] == "reportfdp.exe[2J.txt" && document.json["tags"] == ["ab"], "\(document.text)")
            let file = try await project.caller.send(.get, project.documents + "/" + (document.json["id"]?.string ?? "") + "/content")
            #expect(file.header("Content-Disposition") == "attachment; filename=\"reportfdp.exe[2J.txt\"")

            let thread = try await project.caller.send(.post, project.threads, json: ["title": "One\nline\u{1B}[31m"])
            #expect(thread.json["title"] == "One line[31m", "\(thread.text)")
        }

        @Test(arguments: TestDatabases.all)
        func anExportLoadsNothing(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let text =
                "See ![the plan](https://attacker.example/p.png?id=7) and <img src=\"https://attacker.example/q\"> or [a link](https://x.example)."
            let taken = try await project.caller.send(
                .post, project.threads + "/import",
                json: [
                    "format": "parley.thread", "version": 1, "title": "T", "created_at": "2026-01-01T00:00:00.000Z",
                    "messages": [["id": "1", "parent_id": nil, "role": "user", "content": .string(text), "state": "complete"]],
                ])
            let thread = try #require(taken.json["threads"]?.array?.first?["id"]?.string, "\(taken.text)")
            let markdown = try await project.caller.send(.get, project.threads + "/" + thread + "/export").text
            #expect(
                markdown.contains("See the plan and &lt;img src=\"https://attacker.example/q\"> or [a link](https://x.example)."),
                "\(markdown)")
            let html = try await project.caller.send(.get, project.threads + "/" + thread + "/export?format=html").text
            #expect(!html.contains("<img") && html.contains("&lt;img"))
        }
    }
}
