import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Texts whose length Swift's characters and the databases count differently.
    @Suite struct TextLengthTests {
        private static let marks = "e" + String(repeating: "\u{301}", count: 3000)

        /// One character for Swift, seven scalars each.
        private static let emoji = String(repeating: "👨‍👩‍👧‍👦", count: 20)

        private func form(_ parts: [(head: String, body: String)]) -> (bytes: [UInt8], headers: [String: String]) {
            let text = parts.map { "--b\r\nContent-Disposition: form-data; \($0.head)\r\n\r\n\($0.body)\r\n" }.joined() + "--b--\r\n"
            return (Array(text.utf8), ["Content-Type": "multipart/form-data; boundary=b"])
        }

        @Test(arguments: TestDatabases.all) func aFileNameOfCombiningMarks(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let form = form([("name=\"file\"; filename=\"\(Self.marks).txt\"", "words \(UUID())")])
            let answer = try await project.caller.send(.post, project.documents, bytes: form.bytes, form.headers)
            #expect(answer.status == 202, "\(answer.text.prefix(300))")
            #expect(answer.json["name"]?.string?.hasSuffix(".txt") == true)
            let long = self.form([("name=\"file\"; filename=\"\(String(repeating: "n", count: 700)).txt\"", "words \(UUID())")])
            let cut = try await project.caller.send(.post, project.documents, bytes: long.bytes, long.headers)
            #expect(cut.json["name"]?.string?.unicodeScalars.count == 500)
        }

        @Test(arguments: TestDatabases.all) func tagsThatAreTooLongOrTooMany(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let file = ("name=\"file\"; filename=\"a.txt\"", "words")
            let long = form([("name=\"tags\"", "fine," + String(repeating: "t", count: 101) + "," + Self.emoji), file])
            let answer = try await project.caller.send(.post, project.documents, bytes: long.bytes, long.headers)
            #expect(answer.problem == "input.invalid")
            #expect(answer.json["errors"]?.array?.compactMap { $0["pointer"]?.string } == ["tags/1", "tags/2"])
            let many = form([("name=\"tags\"", (0..<60).map { "t\($0)" }.joined(separator: ",")), file])
            #expect(try await project.caller.send(.post, project.documents, bytes: many.bytes, many.headers).problem == "input.invalid")
            let query = project.documents + "?name=a.txt&tags=" + String(repeating: "t", count: 101)
            let raw = ["Content-Type": "application/octet-stream"]
            #expect(try await project.caller.send(.post, query, bytes: [65], raw).problem == "input.invalid")
        }

        @Test(arguments: TestDatabases.all) func titlesAndAddresses(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let export: JSONValue = [
                "format": "parley.thread", "title": "", "messages": [["id": "a", "role": "user", "content": .string(Self.marks)]],
            ]
            let taken = try await project.caller.send(
                .post, project.threads + "/import", bytes: export.bytes, ["Content-Type": "application/json"])
            #expect(taken.status == 200, "\(taken.text.prefix(300))")
            let thread = try await project.thread()
            let asked = try await project.caller.send(.post, thread + "/messages", json: ["content": .string(Self.marks)])
            #expect(asked.status == 202, "\(asked.text.prefix(300))")
            // Each of these capitals has two scalars in lower case.
            let address = String(repeating: "\u{130}", count: 240) + "@example.com"
            let user = try await installation.admin.caller.send(
                .post, "/v1/users", json: ["email": .string(address), "name": "A", "password": "a quiet river bed"])
            #expect(user.problem == "input.invalid", "\(user.text.prefix(300))")
        }

        @Test(arguments: TestDatabases.all) func questionsOfAFileAreHeldToTheSameLengths(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let set = try await project.caller.send(.post, project.path + "/question-sets", json: ["name": "Set"])
            let path = project.path + "/question-sets/" + (try #require(set.json["id"]?.string)) + "/import"
            let raw = ["Content-Type": "application/octet-stream"]
            for question: JSONValue in [
                ["question": "What?", "id": .string(String(repeating: "k", count: 9000))],
                ["question": "What?", "tags": .array((0..<30).map { .string("t\($0)") })],
            ] {
                let answer = try await project.caller.send(.post, path, bytes: question.bytes, raw)
                #expect(answer.problem == "question_set.file_invalid" && answer.json["errors"]?.array?.first?["pointer"] == "1")
            }
            #expect(try await project.caller.send(.post, path, bytes: Array("{\"question\":\"What?\",\"id\":1}".utf8), raw).status == 200)
        }
    }
}
