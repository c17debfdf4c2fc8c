import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct GroundingTests {
        private func handbook(_ dialect: Dialect) async throws -> ProjectFolder {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            return project
        }

        /// The answer to a question, once it is over.
        private func answer(_ question: String, _ project: ProjectFolder, in thread: String? = nil) async throws -> (
            path: String, JSONValue
        ) {
            var place = thread
            if place == nil { place = try await project.thread() }
            let path = try await project.ask(question, in: place ?? "")
            _ = try await project.caller.follow(path + "/events")
            return (path, try await project.caller.send(.get, path).json)
        }

        @Test(arguments: TestDatabases.all)
        func everySentenceCarriesItsVerdict(_ dialect: Dialect) async throws {
            let (_, message) = try await answer("When is the office open?", handbook(dialect))
            let sentences = message["grounding"]?["sentences"]?.array ?? []
            #expect(sentences.map { $0["verdict"]?.string } == ["supported", "not_found"], "nobody wrote of giraffes")
            #expect(message["citations"]?.array?.first?["verdict"]?.string == "supported")
            #expect(message["grounding"]?["refused"]?.bool == false)
            #expect(message["grounding"]?["answerability"]?["answerable"]?.bool == true)
        }

        @Test(arguments: TestDatabases.all)
        func anAnswerIsExplained(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let thread = try await project.thread()
            _ = try await answer("When is the office open?", project, in: thread)
            let (path, message) = try await answer("And on Saturdays?", project, in: thread)
            let trace = try await project.caller.send(.get, path + "/trace").json
            #expect(trace["question"]?.string == "And on Saturdays?" && trace["rewritten_by"]?.string == "words")
            #expect(trace["standalone_question"]?.string == "When is the office open? And on Saturdays?")
            #expect(trace["search"]?["query"] == trace["standalone_question"])
            let candidates = trace["search"]?["candidates"]?.array ?? []
            let kept = candidates.filter { $0["dropped"] == .null }.map { $0["chunk_id"] }
            #expect(kept == message["passages"]?.array?.map { $0["chunk_id"] } && !kept.isEmpty)
            #expect(candidates.first?["lexical"]?["score"]?.double != nil && candidates.first?["vector"]?["rank"]?.int == 1)
            let prompt = trace["prompt"]?.array ?? []
            #expect(prompt.first?["role"]?.string == "system" && prompt.last?["content"]?.string?.hasSuffix("And on Saturdays?") == true)
            #expect(trace["turns"]?.int == 2 && trace["prompt_passages"]?.array?.first?.int == 1)
            #expect(trace["usage"] == message["usage"])
            let stages = (trace["stages"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(stages == ["rewrite", "search", "generate"])

            let running = try await project.ask("Tell me [slowly]", in: thread)
            let early = try await project.caller.send(.get, running + "/trace")
            #expect(early.status == 404 && early.json["code"]?.string == "message.no_trace")
            _ = try await project.caller.send(.post, running + "/cancel")
        }

        @Test(arguments: TestDatabases.all)
        func aQuestionIsAnsweredAgainAndAskedInOtherWords(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let thread = try await project.thread()
            _ = try await answer("When is the office open?", project, in: thread)
            let (path, first) = try await answer("How many days of holiday are there?", project, in: thread)
            let again = try await project.caller.send(.post, path + "/regenerate", json: [:])
            #expect(again.status == 202)
            #expect(again.json["answer"]?["parent_id"] == first["parent_id"] && again.json["answer"]?["id"] != first["id"])
            let second = thread + "/messages/" + (again.json["answer"]?["id"]?.string ?? "")
            _ = try await project.caller.follow(second + "/events")
            #expect(try await project.caller.send(.get, second).json["content"] == first["content"])

            let question = again.json["question"] ?? .null
            let edited = try await project.caller.send(
                .post, thread + "/messages/" + (question["id"]?.string ?? "") + "/edit",
                json: ["content": "How long is the holiday? [echo]"])
            #expect(edited.json["question"]?["parent_id"] == question["parent_id"] && edited.json["question"]?["id"] != question["id"])
            let third = thread + "/messages/" + (edited.json["answer"]?["id"]?.string ?? "")
            _ = try await project.caller.follow(third + "/events")
            let echo = try await project.caller.send(.get, third).json["content"]?.string ?? ""
            #expect(echo.contains("When is the office open?"), "it stands on the same branch")
            #expect(!echo.contains("How many days"), "what it replaces is not on its branch")
        }

        @Test(arguments: TestDatabases.all)
        func aStoppedAnswerIsGoneOnWith(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let path = try await project.ask("When is it open? [break]", in: project.thread())
            _ = try await project.caller.follow(path + "/events")
            let broken = try await project.caller.send(.get, path).json["content"]?.string ?? ""
            let more = try await project.caller.send(.post, path + "/continue", json: [:])
            #expect(more.status == 202)
            let thread = String(path.split(separator: "/messages/").first ?? "")
            let next = thread + "/messages/" + (more.json["answer"]?["id"]?.string ?? "")
            let events = try await project.caller.follow(next + "/events")
            let message = try await project.caller.send(.get, next).json
            #expect(message["content"]?.string == broken + ScriptedModel.answer + " ")
            #expect(events.filter { $0.kind == "text" }.compactMap { $0.data["text"]?.string }.joined() == message["content"]?.string)
            let question = message["parent_id"]?.string ?? ""
            let refused = try await project.caller.send(.post, thread + "/messages/" + question + "/continue", json: [:])
            #expect(refused.status == 409 && refused.json["code"]?.string == "message.not_continuable")
        }

        @Test(arguments: TestDatabases.all)
        func whoQuotesWhatIsNowhereIsToldSo(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let (_, message) = try await answer("\"the office opens at noon\" weekdays", project)
            #expect(message["degraded"]?.array?.contains { $0["component"]?.string == "query" } == true)
            #expect(message["passages"]?.array?.isEmpty == false, "searched for as plain words")
            #expect(try await project.search("\"the office opens at noon\" weekdays").isEmpty, "a search means what it says")
        }
    }
}
