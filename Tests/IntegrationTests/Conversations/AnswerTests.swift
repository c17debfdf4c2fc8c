import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct AnswerTests {
        private func handbook(_ dialect: Dialect) async throws -> ProjectFolder {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            return project
        }

        /// Each quote must be what the document's parsed text has at its place.
        static func expectQuotesHold(_ message: JSONValue, _ project: ProjectFolder) async throws {
            let answer = Array((message["content"]?.string ?? "").unicodeScalars)
            for citation in message["citations"]?.array ?? [] {
                let (from, to) = (citation["from"]?.int ?? 0, citation["to"]?.int ?? 0)
                let document = project.documents + "/" + (citation["document_id"]?.string ?? "")
                let text = try await project.caller.send(.get, document + "/text?from=\(from)&to=\(to)").json["text"]
                #expect(text == citation["quote"] && to > from)
                #expect((citation["at"]?.int).map { $0 > 0 && $0 <= answer.count } == true)
            }
        }

        @Test(arguments: TestDatabases.all)
        func anAnswerComesInNumberedEventsAndIsStored(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is the office open?", in: project.thread())
            let events = try await project.caller.follow(path + "/events")
            #expect(events.map(\.id) == events.indices.map { "\($0 + 1)" })
            #expect(events.first?.kind == "retrieval" && events.last?.kind == "done")
            #expect((events.first?.data["passages"]?.array?.isEmpty) == false)
            let text = events.filter { $0.kind == "text" }.compactMap { $0.data["text"]?.string }.joined()
            #expect(text == ScriptedModel.answer + " ")

            let message = try await project.caller.send(.get, path).json
            #expect(events.last?.data["message"] == message)
            #expect(message["content"]?.string == text && message["state"]?.string == "complete")
            #expect(message["model"]?.string == "scripted" && message["degraded"]?.array == [])
            #expect(message["usage"]?["prompt_tokens"]?.int == 100)
            let citations = message["citations"]?.array ?? []
            #expect(
                citations.map { $0["quote"]?.string } == ["The office is open from nine to five on weekdays."], "one sentence is supported")
            #expect(citations == events.filter { $0.kind == "citation" }.map(\.data))
            try await Self.expectQuotesHold(message, project)
        }

        @Test(arguments: TestDatabases.all)
        func whoComesBackGetsExactlyTheRest(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is the office open?", in: project.thread())
            let live = try await project.caller.follow(path + "/events")
            try #require(live.count > 3)
            for seen in [0, 1, live.count / 2, live.count - 1] {
                let rest = try await project.caller.follow(path + "/events", after: "\(seen)")
                #expect(rest == Array(live.dropFirst(seen)), "after \(seen)")
            }
            #expect(try await project.caller.follow(path + "/events", after: "\(live.count)").isEmpty)
            #expect(try await project.caller.follow(path + "/events", after: "not a number") == live)
        }

        @Test(arguments: TestDatabases.all)
        func aConnectionThatBreaksOffMissesNothing(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("Tell me [slowly]", in: project.thread())
            var events = try await project.caller.follow(path + "/events") { $0.id != "6" }
            #expect(events.count == 6)
            events += try await project.caller.follow(path + "/events", after: "6") { $0.id != "12" }
            #expect(events.map(\.id) == (1...12).map { "\($0)" })
            // White space comes with what follows it, since a mark may follow.
            let kinds = ["retrieval", "text", "text", "citation", "sentence"] + (1...7).map { _ in "text" }
            #expect(events.map(\.kind) == kinds)
            let words = events.compactMap { $0.data["text"]?.string }.joined()
            #expect(words + " " == ScriptedModel.opening + (1...8).map { "word\($0) " }.joined())
            #expect(try await project.caller.send(.post, path + "/cancel").status == 202)
        }

        @Test(arguments: TestDatabases.all)
        func aCancelledAnswerKeepsWhatIsThere(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("Tell me [slowly]", in: project.thread())
            let caller = project.caller
            let events = try await caller.follow(path + "/events") { event in
                guard event.id == "6" else { return true }
                let answer = try await caller.send(.post, path + "/cancel")
                #expect(answer.status == 202)
                return true
            }
            let message = try await caller.send(.get, path).json
            #expect(events.last?.kind == "done" && events.last?.data["message"] == message)
            #expect(message["state"]?.string == "cancelled")
            #expect(message["content"]?.string?.hasPrefix(ScriptedModel.opening + "word1 word2") == true)
            #expect(try await caller.send(.post, path + "/cancel").json["state"]?.string == "cancelled")
        }

        @Test(arguments: TestDatabases.all)
        func anAnswerThatBreaksOffSaysSo(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is it open? [break]", in: project.thread())
            let events = try await project.caller.follow(path + "/events")
            #expect(events.last?.kind == "error", "\(events)")
            let message = try await project.caller.send(.get, path).json
            #expect(message["state"]?.string == "failed" && message["content"]?.string == "The office is open ")
            #expect(message["error"]?["message"]?.string?.isEmpty == false)
            #expect(message["error"] == events.last?.data)
        }

        @Test(arguments: TestDatabases.all)
        func withoutTheModelThePassagesAreQuoted(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is the office open? [refuse]", in: project.thread())
            let events = try await project.caller.follow(path + "/events")
            #expect(events.last?.kind == "done", "\(events)")
            let message = try await project.caller.send(.get, path).json
            #expect(message["state"]?.string == "complete")
            #expect(message["degraded"]?.array?.first?["component"]?.string == "model")
            #expect(message["way"] == "quoted" && message["grounding"]?["way"] == "quoted" && message["model"] == .null)
            #expect(message["citations"]?.array?.isEmpty == false)
            try await Self.expectQuotesHold(message, project)
        }

        @Test(arguments: TestDatabases.all, ["[invent]", "[nothing]"])
        func whatTheDocumentsDoNotSayGivesWayToQuotes(_ dialect: Dialect, _ script: String) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is the office open? \(script)", in: project.thread())
            let events = try await project.caller.follow(path + "/events")
            let message = try await project.caller.send(.get, path).json
            let text = events.filter { $0.kind == "text" }.compactMap { $0.data["text"]?.string }.joined()
            #expect(
                text == message["content"]?.string && !text.contains("giraffe") && text.contains("nine to five"), "none of it was shown")
            #expect(message["way"] == "quoted" && message["degraded"]?.array?.first?["component"]?.string == "citations")
            #expect(message["model"]?.string == "scripted" && message["usage"]?["prompt_tokens"]?.int == 100, "it was asked all the same")
            #expect(events.last { $0.kind == "retrieval" }?.data["way"] == "quoted")
            try await Self.expectQuotesHold(message, project)
        }

        @Test(arguments: TestDatabases.all)
        func aModelMayAdmitThatItDoesNotKnow(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is the office open? [unsure]", in: project.thread())
            _ = try await project.caller.follow(path + "/events")
            let message = try await project.caller.send(.get, path).json
            #expect(message["content"]?.string == "The documents do not say that. " && message["grounding"]?["stance"] == "refused")
        }

        @Test(arguments: TestDatabases.all)
        func aQuestionOrAProjectCanAskForQuotes(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            func answer(_ more: [String: JSONValue]) async throws -> JSONValue {
                let body: [String: JSONValue] = ["content": "When is the office open?"]
                let asked = try await project.caller.send(
                    .post, project.thread() + "/messages", json: .object(body.merging(more) { $1 }))
                let path = try #require(asked.header("Location"), "\(asked.text)")
                _ = try await project.caller.follow(path + "/events")
                return try await project.caller.send(.get, path).json
            }
            let quoted = try await answer(["way": "quoted"])
            #expect(quoted["way"] == "quoted" && quoted["model"] == .null && quoted["degraded"] == [], "it is no fault to quote")
            #expect(quoted["content"]?.string == "“The office is open from nine to five on weekdays.”")
            let quote = try #require(quoted["quotes"]?.array?.first)
            #expect(quote["place"] == ["from": 1, "to": 50] && quote["citation"] == 1 && quote["heading_path"]?.array?.isEmpty == false)
            #expect(quoted["grounding"]?["stance"] == "answered" && quoted["grounding"]?["head"] == .null)
            try await Self.expectQuotesHold(quoted, project)
            #expect(try await answer([:])["way"] == "written")
            let settings = project.path + "/settings"
            #expect(try await project.caller.send(.patch, settings, json: ["way": "quoted"], ["If-Match": "*"]).json["way"] == "quoted")
            #expect(try await answer([:])["way"] == "quoted")
            #expect(try await answer(["way": "written"])["way"] == "written")
            #expect(try await answer(["model": "scripted"])["way"] == "written", "whoever names a model wants it to write")
        }

        @Test(arguments: TestDatabases.all)
        func anEmptyProjectHasNoAnswer(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let path = try await project.ask("When is the office open?", in: project.thread())
            let events = try await project.caller.follow(path + "/events")
            #expect(events.map(\.kind) == ["retrieval", "text", "done"])
            #expect(try await project.caller.send(.get, path).json["citations"]?.array == [])
        }

        @Test(arguments: TestDatabases.all)
        func earlierTurnsGoWithTheQuestion(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let thread = try await project.thread()
            let first = try await project.ask("When is the office open?", in: thread)
            _ = try await project.caller.follow(first + "/events")
            let second = try await project.ask("And on Saturdays? [echo]", in: thread)
            _ = try await project.caller.follow(second + "/events")
            let echo = try await project.caller.send(.get, second).json["content"]?.string ?? ""
            let roles = try JSONValue(parsing: echo.utf8).array?.compactMap { $0["role"]?.string }
            #expect(roles == ["system", "user", "assistant", "user"])
            #expect(echo.contains("When is the office open?") && echo.contains("purple giraffe") && echo.contains("closed"))

            let branch = try await project.caller.send(
                .post, thread + "/messages",
                json: ["content": "Alone? [echo]", "parent_id": .string(String(first.split(separator: "/").last ?? ""))])
            let answer = thread + "/messages/" + (branch.json["answer"]?["id"]?.string ?? "")
            _ = try await project.caller.follow(answer + "/events")
            #expect(try await project.caller.send(.get, answer).json["content"]?.string?.contains("Saturdays?") == false, "another branch")
            #expect(try await project.caller.send(.get, thread).json["title"]?.string == "When is the office open?")
        }
    }
}
