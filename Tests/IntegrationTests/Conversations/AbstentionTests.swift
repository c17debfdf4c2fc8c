import Accounts
import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyApp

/// What a project's documents do not hold is not made up.
@Suite struct AbstentionTests {
    /// The answer to a question about the handbook.
    private func answer(_ question: String, _ application: RunningApplication) async throws -> JSONValue {
        let project = try await application.admin().project()
        try await project.add()
        let path = try await project.ask(question, in: project.thread())
        _ = try await project.caller.follow(path + "/events")
        return try await project.caller.send(.get, path).json
    }

    @Test func whatTheDocumentsDoNotHoldIsSaidSo() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder(), ["answer-abstain": "true"]))
        for (question, refused) in [
            ("When is the office open?", false), ("How many days of paid holiday are there?", false),
            ("Which enzyme splits lactose in the gut?", true),
        ] {
            let message = try await answer(question, application)
            #expect(message["grounding"]?["refused"]?.bool == refused, "\(question) \(message)")
            #expect((message["citations"]?.array?.isEmpty == true) == refused)
            #expect(message["grounding"]?["answerability"]?["answerable"]?.bool == !refused)
            #expect((message["grounding"]?["stance"] == "refused") == refused && (message["way"] == .null) == refused)
        }
        try await application.stop()
    }

    @Test func whatMayNotAnswerStandsUnderAHead() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder()))
        let message = try await answer("Which enzyme splits lactose in the gut?", application)
        let grounding = message["grounding"]
        #expect(grounding?["stance"] == "doubted" && grounding?["way"] == "quoted")
        #expect(grounding?["head"]?.string == "Nearest passages; these may not answer")
        #expect(message["content"]?.string?.hasPrefix("Nearest passages; these may not answer:\n\n“") == true, "\(message)")
        let german = try await answer("Welches Enzym spaltet im Darm die Laktose?", application)
        let head = "Die nächstliegenden Stellen; sie beantworten die Frage vielleicht nicht"
        #expect(german["grounding"]?["head"]?.string == head, "\(german)")
        #expect(german["content"]?.string?.hasPrefix(head + ":") == true)
        let trace = message["citations"]?.array?.isEmpty
        #expect(trace == false && message["degraded"] == [])
        try await application.stop()
    }
}
