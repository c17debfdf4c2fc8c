import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Conversations
@testable import ParleyApp

extension WithInstallations {
    /// What the official client does not show; that it works is shown by script/client-test.
    @Suite struct OpenAITests {
        private static let chat = "/openai/v1/chat/completions"
        private static let mark = MarkedText.marks[.notFound] ?? ""

        private func handbook(_ dialect: Dialect) async throws -> ProjectFolder {
            let project = try await Installation.on(dialect).person().project("Handbook")
            try await project.add()
            return project
        }

        private func body(_ project: ProjectFolder, _ question: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
            let body: [String: JSONValue] = [
                "model": .string(project.id.description), "messages": [["role": "user", "content": .string(question)]],
            ]
            return .object(body.merging(more) { $1 })
        }

        @Test(arguments: TestDatabases.all)
        func citationsStandBehindTheirSentence(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let answer = try await project.caller.send(.post, Self.chat, json: body(project, "When is the office open?"))
            #expect(answer.status == 200, "\(answer.text)")
            let message = answer.json["choices"]?.array?.first?["message"]
            let mark = try #require(message?["annotations"]?.array?.first?["url_citation"])
            let text = Array((message?["content"]?.string ?? "").unicodeScalars)
            let (from, to) = (Int(mark["start_index"]?.int ?? -1), Int(mark["end_index"]?.int ?? -1))
            try #require(from >= 0 && from < to && to <= text.count)
            #expect(String(String.UnicodeScalarView(text[from..<to])) == "The office is open from nine to five on weekdays.")
            #expect(mark["quote"]?.string == "The office is open from nine to five on weekdays.")
            #expect(answer.json["usage"]?["total_tokens"]?.int ?? 0 > 100)
            #expect(try await project.caller.send(.get, project.threads).items.isEmpty)
            #expect(try await temporaryThreads(dialect, project) == 0)
        }

        @Test(arguments: TestDatabases.all)
        func whatTheDocumentsDoNotSayIsMarked(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let body = body(project, "When is the office open?")
            let message = try await project.caller.send(.post, Self.chat, json: body).json["choices"]?.array?.first?["message"]
            #expect(message?["content"]?.string == ScriptedModel.answer + Self.mark + " ")
            #expect(message?["grounding"]?["way"] == "written" && message?["grounding"]?["stance"] == "answered")
            let sentence = try #require(message?["grounding"]?["sentences"]?.array?.last)
            #expect(sentence["verdict"]?.string == "not_found")
            let scalars = Array((message?["content"]?.string ?? "").unicodeScalars)
            let (from, to) = (Int(sentence["start_index"]?.int ?? -1), Int(sentence["end_index"]?.int ?? -1))
            try #require(from >= 0 && from < to && to <= scalars.count)
            #expect(String(String.UnicodeScalarView(scalars[from..<to])) == "Nobody has ever seen a purple giraffe.")

            let settings = try await project.caller.send(
                .patch, project.path + "/settings", json: ["mark_unsupported": false], ["If-Match": "*"])
            #expect(settings.status == 200, "\(settings.text)")
            let bare = try await project.caller.send(.post, Self.chat, json: body).json["choices"]?.array?.first?["message"]
            #expect(bare?["content"]?.string == ScriptedModel.answer + " ")
            #expect(bare?["grounding"]?["sentences"]?.array?.last?["verdict"]?.string == "not_found")
            let again: JSONValue = [
                "model": .string(project.id.description),
                "messages": [
                    ["role": "user", "content": "When?"], ["role": "assistant", "content": message?["content"] ?? .null],
                    ["role": "user", "content": "When is the office open? [echo]"],
                ],
            ]
            let echo = try await project.caller.send(.post, Self.chat, json: again).json["choices"]?.array?.first?["message"]
            #expect(echo?["content"]?.string?.contains("purple giraffe") == true)
            #expect(echo?["content"]?.string?.contains("giraffe." + Self.mark) == false, "our marks do not come back to the model")

            let response = try await project.caller.send(
                .post, "/openai/v1/responses", json: ["model": .string(project.id.description), "input": "When is the office open?"])
            let part = response.json["output"]?.array?.first?["content"]?.array?.first
            #expect(
                part?["grounding"]?["sentences"]?.array?.count == 2 && part?["annotations"]?.array?.first?["verdict"]?.string == "supported"
            )
        }

        @Test(arguments: TestDatabases.all)
        func aStreamHasTheFormOfTheProtocol(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let answer = try await project.caller.send(
                .post, Self.chat, json: body(project, "When is the office open?", ["stream": true]), ["Accept": "application/json"])
            let lines = answer.text.split(separator: "\n").filter { !$0.hasPrefix(":") }
            #expect(lines.allSatisfy { $0.hasPrefix("data: ") } && lines.last == "data: [DONE]")
            let chunks = try lines.dropLast().map { try JSONValue(parsing: $0.dropFirst(6).utf8) }
            let deltas = chunks.compactMap { $0["choices"]?.array?.first?["delta"] }
            #expect(deltas.first?["role"]?.string == "assistant")
            #expect(deltas.compactMap { $0["content"]?.string }.joined() == ScriptedModel.answer + Self.mark + " ")
            let verdicts = deltas.compactMap { $0["grounding"]?["sentences"]?.array?.first?["verdict"]?.string }
            #expect(verdicts == ["supported", "not_found"])
            #expect(deltas.contains { $0["annotations"]?.array?.first?["type"]?.string == "url_citation" })
            #expect(chunks.last?["choices"]?.array?.first?["finish_reason"]?.string == "stop")
            #expect(try await temporaryThreads(dialect, project) == 0)
        }

        @Test(arguments: TestDatabases.all)
        func turnsAndWishesReachTheModel(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let messages: JSONValue = [
                ["role": "system", "content": "Speak like a sailor."], ["role": "user", "content": "Is there a boiler?"],
                ["role": "assistant", "content": "In the cellar."], ["role": "user", "content": "When is the office open? [echo]"],
            ]
            let answer = try await project.caller.send(
                .post, Self.chat, json: ["model": "handbook", "messages": messages, "tools": [], "user": "ada"])
            let echo = answer.json["choices"]?.array?.first?["message"]?["content"]?.string ?? answer.text
            #expect(echo.contains("Speak like a sailor.") && echo.contains("Is there a boiler?") && echo.contains("In the cellar."))
        }

        @Test(arguments: TestDatabases.all)
        func anAnswerNobodyReadsIsStopped(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let body = body(project, "Tell me [slowly]", ["stream": true])
            try await project.caller.leave(.post, Self.chat, json: body, afterBytes: 400)
            _ = try await eventually("the temporary thread is gone") {
                try await temporaryThreads(dialect, project) == 0 ? true : nil
            }
            let usage = try await project.caller.send(.get, project.path + "/usage").items.first
            #expect(usage?["estimated"]?.int == 1 && usage?["completion_tokens"]?.int ?? 1000 < 400, "it was stopped on the way")
        }

        @Test(arguments: TestDatabases.all)
        func errorsHaveTheFormOfTheProtocol(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let base = project.caller.base
            let stranger = try await Caller(base: base).send(.get, "/openai/v1/models")
            #expect(stranger.status == 401 && stranger.json["error"]?["code"]?.string == "invalid_api_key")
            let missing = try await project.caller.send(
                .post, Self.chat, json: ["model": "none", "messages": [["role": "user", "content": "?"]]])
            #expect(missing.status == 404 && missing.json["error"]?["code"]?.string == "model_not_found")
            let invalid = try await project.caller.send(.post, Self.chat, json: ["model": "none"])
            #expect(invalid.status == 400 && invalid.json["error"]?["param"]?.string == "messages")
            #expect(invalid.header("Content-Type") == "application/json" && invalid.header("Content-Length") == "\(invalid.bytes.count)")
            let picture: JSONValue = ["role": "user", "content": [["type": "image_url", "image_url": ["url": "x"]]]]
            let unread = try await project.caller.send(.post, Self.chat, json: ["model": "none", "messages": [picture]])
            #expect(unread.status == 400 && unread.json["error"]?["param"]?.string == "messages.0.content.0")
            let foreign = try await Installation.on(dialect).person()
            let other = try await foreign.caller.send(.post, Self.chat, json: body(project, "?"))
            #expect(other.json["error"]?["code"]?.string == "model_not_found", "a stranger cannot tell")
            let method = try await project.caller.send(.get, Self.chat)
            #expect(method.status == 405 && method.json["error"]?["type"]?.string == "invalid_request_error")
        }

        @Test(arguments: TestDatabases.all)
        func aResponseBelongsToWhoAsked(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let made = try await project.caller.send(
                .post, "/openai/v1/responses", json: ["model": "Handbook", "input": "When is the office open?"])
            let id = try #require(made.json["id"]?.string)
            #expect(made.json["output"]?.array?.first?["content"]?.array?.first?["annotations"]?.array?.count == 1, "\(made.text)")
            #expect(try await project.caller.send(.get, "/openai/v1/responses/\(id)").json["output"] == made.json["output"])
            let installation = try Installation.on(dialect)
            let stranger = try await installation.person()
            try await installation.join(project.id, stranger, as: .viewer)
            #expect(try await stranger.caller.send(.get, "/openai/v1/responses/\(id)").status == 404)
            let follow = try await stranger.caller.send(
                .post, "/openai/v1/responses", json: ["model": "Handbook", "input": "And?", "previous_response_id": .string(id)])
            #expect(follow.status == 404)
        }

        private func temporaryThreads(_ dialect: Dialect, _ project: ProjectFolder) async throws -> Int {
            try await Installation.on(dialect).parley.database.read { connection in
                let row = try connection.row("SELECT count(*) AS n FROM threads WHERE is_temporary AND project_id = \(project.id)")
                return try row?["n"] ?? 0
            }
        }
    }
}
