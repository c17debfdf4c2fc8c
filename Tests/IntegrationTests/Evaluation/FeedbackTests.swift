import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// What people say of answers.
    @Suite struct FeedbackTests {
        private func answered(_ dialect: Dialect) async throws -> (project: ProjectFolder, document: String, answer: String) {
            let project = try await Installation.on(dialect).person().project()
            let document = try await project.add()
            let answer = try await project.ask("How many days of holiday are there?", in: project.thread())
            _ = try await project.caller.follow(answer + "/events")
            return (project, document["id"]?.string ?? "", answer)
        }

        private func landed(_ project: ProjectFolder) async throws -> [JSONValue] {
            let sets = try await project.caller.send(.get, project.path + "/question-sets?filter=takes_feedback=true").items
            guard let set = sets.first?["id"]?.string else { return [] }
            return try await project.caller.send(.get, project.path + "/question-sets/\(set)/questions").items
        }

        @Test(arguments: TestDatabases.all) func aCorrectedPassageBecomesAQuestion(_ dialect: Dialect) async throws {
            let (project, document, answer) = try await answered(dialect)
            let (caller, path) = (project.caller, answer + "/feedback")
            #expect(try await caller.send(.get, path).problem == "feedback.not_found")
            #expect(try await caller.send(.put, path, json: ["rating": "up"]).status == 200)
            #expect(try await landed(project).isEmpty, "thumbs up alone say nothing to be tested")
            let given = try await caller.send(
                .put, path,
                json: [
                    "rating": "down", "reason": "wrong", "comment": "It is thirty.",
                    "passage": ["document_id": .string(document), "quote": "THIRTY days of\npaid holiday"],
                ])
            #expect(given.status == 200 && given.json["passage"]?["quote"] == "thirty days of paid holiday", "\(given.text)")
            let questions = try await landed(project)
            #expect(questions.count == 1 && questions[0]["question"] == "How many days of holiday are there?")
            #expect(questions[0]["expected"]?.array?.first?["quote"] == "thirty days of paid holiday" && questions[0]["answerable"] == true)
            #expect(questions[0]["source"] == "feedback" && questions[0]["message_id"]?.string == answer.lastComponent)
            let list = try await caller.send(.get, project.path + "/feedback?filter=rating=down;reason=wrong")
            #expect(list.items.count == 1 && list.items[0]["question_id"] == questions[0]["id"])
            #expect(
                try await caller.send(.get, project.path + "/feedback?filter=rating=up").items.isEmpty, "one for each person and answer")

            let own = try await caller.send(.get, answer.split(separator: "/messages/")[0] + "/feedback")
            #expect(own.items == list.items)

            let other = try await caller.send(.put, path, json: ["rating": "down", "reason": "should_have_refused"])
            #expect(other.json["id"] == given.json["id"] && other.json["passage"] == .null)
            #expect(try await landed(project).map { $0["answerable"] } == [false])
            #expect(try await caller.send(.delete, path).status == 204)
            #expect(try await landed(project).isEmpty)
            #expect(try await caller.send(.get, path).status == 404)
        }

        @Test(arguments: TestDatabases.all) func whatIsWrongIsRefused(_ dialect: Dialect) async throws {
            let (project, document, answer) = try await answered(dialect)
            let (caller, path) = (project.caller, answer + "/feedback")
            let unheard = try await caller.send(
                .put, path, json: ["rating": "down", "passage": ["document_id": .string(document), "quote": "forty days"]])
            #expect(unheard.status == 422 && unheard.json["errors"]?.array?.first?["pointer"] == "/passage/quote")
            let beyond = try await caller.send(
                .put, path, json: ["rating": "down", "passage": ["document_id": .string(document), "from": 5, "to": 100_000]])
            #expect(beyond.status == 422)
            let span = try await caller.send(
                .put, path, json: ["rating": "down", "passage": ["document_id": .string(document), "from": 2, "to": 6]])
            #expect(span.status == 200 && span.json["passage"]?["from"] == 2, "\(span.text)")
            let (foreign, elsewhere, _) = try await answered(dialect)
            #expect(
                try await caller.send(
                    .put, path, json: ["rating": "down", "passage": ["document_id": .string(elsewhere), "quote": "days"]]
                ).status
                    == 404)
            #expect(try await foreign.caller.send(.put, path, json: ["rating": "up"]).status == 404)
            let question = try await caller.send(.get, answer).json["parent_id"]?.string ?? ""
            let onQuestion = try await caller.send(
                .put, answer.replacing(answer.lastComponent, with: question) + "/feedback", json: ["rating": "up"])
            #expect(onQuestion.status == 422)
            let viewer = try await Installation.on(dialect).person()
            _ = try await caller.send(.put, project.path + "/members/\(viewer.user.id)", json: ["role": "viewer"])
            #expect(try await viewer.caller.send(.get, project.path + "/feedback").status == 403)
            #expect(try await viewer.caller.send(.get, path).status == 404, "a thread is its owner's alone")
        }

        @Test(arguments: TestDatabases.all) func aRealQuestionIsSaved(_ dialect: Dialect) async throws {
            let (project, _, _) = try await answered(dialect)
            let answer = try await project.ask("When is the office open?", in: project.thread())
            _ = try await project.caller.follow(answer + "/events")
            let saved = try await project.caller.send(.post, answer + "/save-question", json: ["expect_cited": true, "tags": ["real"]])
            #expect(
                saved.status == 201 && saved.json["question"] == "When is the office open?" && saved.json["source"] == "thread",
                "\(saved.text)")
            #expect(saved.json["expected"]?.array?.first?["document"] == "handbook.md" && saved.json["answerable"] == true)
            #expect(try await project.caller.send(.get, try #require(saved.header("Location"))).json == saved.json)
        }
    }
}
