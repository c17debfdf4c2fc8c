import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct WideningTests {
        /// A section of several chunks, and one after it.
        private static let rules =
            "# Visitors\n\n"
            + (1...45).map { "The visitor with number \($0) carries a badge of kind K\($0 * 7) at the gate." }.joined(separator: "\n\n")
            + "\n\nThe office is open from nine to five on weekdays.\n\n# Harbour\n\nThe lighthouse stands alone."

        @Test(arguments: TestDatabases.all)
        func aPromptWithRoomHoldsTheTextAroundAPassage(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let document = try await project.add(Self.rules, name: "visitors.md")
            _ = try await project.caller.send(.patch, project.path + "/settings", json: ["passages": 1], ["If-Match": "*"])
            let asked = "Which badge does the visitor with number 3 carry?"
            let question = try await project.ask(asked, in: project.thread())
            let events = try await project.caller.follow(question + "/events")
            let found = try #require(events.first?.data["passages"]?.array?.first)
            let message = try await project.caller.send(.get, question).json
            let prompt = try await project.caller.send(.get, question + "/trace").json["prompt"]?.array?.last?["content"]?.string ?? ""
            #expect(found["text"]?.string?.contains("number 3 ") == true && found["text"]?.string?.contains("number 40 ") == false)
            #expect(prompt.contains("number 3 ") && prompt.contains("number 40 "), "the section goes on in other chunks")
            #expect(!prompt.contains("lighthouse"), "another section")

            let text = try await project.caller.send(.get, project.documents + "/" + (document["id"]?.string ?? "") + "/text").json
            let whole = text["text"]?.string ?? ""
            let beyond = (message["citations"]?.array ?? []).filter { ($0["from"]?.int ?? 0) >= found["to"]?.int ?? .max }
            #expect(!beyond.isEmpty, "what stands around the passage can be cited")
            for citation in beyond {
                let (from, to) = (Int(citation["from"]?.int ?? 0), Int(citation["to"]?.int ?? 0))
                #expect(String(whole.unicodeScalars.dropFirst(from).prefix(to - from)) == citation["quote"]?.string)
            }
        }
    }
}
