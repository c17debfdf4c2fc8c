import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct DocumentTests {
        @Test(arguments: TestDatabases.all)
        func anUploadIsReadAndGivenBack(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let taken = try await project.upload(ProjectFolder.handbook, tags: ["rules", "house"])
            #expect(taken.status == 202 && taken.json["state"]?.string == "queued")
            let id = try #require(taken.json["id"]?.string)
            #expect(taken.header("Location") == project.documents + "/" + id)
            let document = try await project.read(id)
            #expect(document["state"]?.string == "ready" && document["progress"]?.double == 1 && document["error"] == .null)
            #expect(document["media_type"]?.string == "text/markdown" && document["pages"] == .null)
            #expect(document["size"]?.int == Int64(ProjectFolder.handbook.utf8.count))
            #expect(document["tags"]?.array == ["house", "rules"])
            #expect((document["chunks"]?.int ?? 0) > 0)

            let content = try await project.caller.send(.get, project.documents + "/\(id)/content")
            #expect(content.text == ProjectFolder.handbook)
            #expect(content.header("Content-Disposition")?.hasPrefix("attachment") == true)
            let part = try await project.caller.send(.get, project.documents + "/\(id)/content", ["Range": "bytes=2-6"])
            #expect(part.status == 206 && part.bytes == Array(Array(ProjectFolder.handbook.utf8)[2...6]))

            let text = try await project.caller.send(.get, project.documents + "/\(id)/text").json
            let whole = try #require(text["text"]?.string)
            #expect(text["length"]?.int == Int64(whole.unicodeScalars.count))
            #expect(text["headings"]?.array?.compactMap { $0["text"]?.string } == ["Café 🎉 handbook", "Office hours", "Holidays"])
            let slice = try await project.caller.send(.get, project.documents + "/\(id)/text?from=5&to=8").json
            #expect(slice["text"]?.string == String(String.UnicodeScalarView(Array(whole.unicodeScalars)[5..<8])))
        }

        @Test(arguments: TestDatabases.all)
        func aFormWithAFileIsAnUploadToo(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let form = [
                "--b", "Content-Disposition: form-data; name=\"tags\"", "", "one, two", "--b",
                "Content-Disposition: form-data; name=\"file\"; filename=\"../../etc/notes.txt\"", "Content-Type: application/pdf", "",
                "Plain words about ships.", "--b--", "",
            ].joined(separator: "\r\n")
            let answer = try await project.caller.send(
                .post, project.documents, bytes: Array(form.utf8), ["Content-Type": "multipart/form-data; boundary=b"])
            #expect(answer.status == 202, "\(answer.text)")
            #expect(answer.json["name"]?.string == "notes.txt" && answer.json["tags"]?.array == ["one", "two"])
            #expect(answer.json["media_type"]?.string == "text/plain", "the type is told from the content")
            let empty = try await project.caller.send(
                .post, project.documents, bytes: Array("--b--\r\n".utf8), ["Content-Type": "multipart/form-data; boundary=b"])
            #expect(empty.status == 422 && empty.problem == "input.invalid")
        }

        @Test(arguments: TestDatabases.all)
        func theSameBytesAreOneDocument(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let project = try await person.project()
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 0..<6 { group.addTask { try await project.upload("The very same words.", name: "copy\(number).txt") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.compactMap { $0.json["id"]?.string }).count == 1)
            #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 200, 202])
            #expect(try await person.caller.send(.get, project.documents).items.count == 1)
            let other = try await person.project()
            #expect(try await other.upload("The very same words.").status == 202, "another project has its own")
        }

        @Test(arguments: TestDatabases.all)
        func aDeletedDocumentIsGoneAtOnceAndCanBeRestored(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let id = try #require(try await project.add()["id"]?.string)
            for mode in ["hybrid", "lexical", "vector"] { #expect(try await !project.search("office", mode: mode).isEmpty) }
            #expect(try await project.caller.send(.delete, project.documents + "/" + id).status == 204)
            for mode in ["hybrid", "lexical", "vector"] { #expect(try await project.search("office", mode: mode).isEmpty) }
            #expect(try await project.caller.send(.get, project.documents).ids.isEmpty)
            #expect(try await project.caller.send(.get, project.documents + "?deleted=true").ids == [id])
            #expect(try await project.caller.send(.delete, project.documents + "/" + id).status == 204)

            let restored = try await project.caller.send(.post, project.documents + "/\(id)/restore")
            #expect(restored.status == 200 && restored.json["deleted_at"] == .null)
            for mode in ["hybrid", "lexical", "vector"] {
                try await eventually("found again") { try await project.search("office", mode: mode).isEmpty ? nil : () }
            }
            #expect(try await project.caller.send(.delete, project.documents + "/" + id).status == 204)
            let again = try await project.upload(ProjectFolder.handbook)
            #expect(again.status == 200 && again.json["deleted_at"] == .null, "its bytes once more restore it")
        }

        @Test(arguments: TestDatabases.all)
        func whatCannotBeReadFailsWithItsReasonAndCanBeRetried(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let taken = try await project.upload("%PDF-1.7\nno real PDF at all\n%%EOF", name: "broken.pdf")
            let id = try #require(taken.json["id"]?.string, "\(taken.text)")
            let failed = try await project.read(id)
            #expect(failed["state"]?.string == "failed" && failed["error"]?["code"]?.string == "document.damaged")
            #expect(try await project.caller.send(.get, project.documents + "/\(id)/text").problem == "document.not_ready")
            #expect(try await project.caller.send(.get, project.documents + "?filter=state=failed").ids == [id])
            let retried = try await project.caller.send(.post, project.documents + "/\(id)/retry")
            #expect(retried.status == 202 && retried.json["state"]?.string == "queued" && retried.json["error"] == .null)
            #expect(try await project.read(id)["state"]?.string == "failed")
            let ready = try #require(try await project.add("Fine words.")["id"]?.string)
            #expect(try await project.caller.send(.post, project.documents + "/\(ready)/retry").problem == "document.not_failed")
        }

        @Test func whatNoParserReadsIsRefusedAtTheDoor() async throws {
            let project = try await Installation.on(.sqlite).person().project()
            let bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 64)
            let answer = try await project.caller.send(.post, project.documents + "?name=a.out", bytes: bytes)
            #expect(answer.status == 415 && answer.problem == "document.unsupported_type", "\(answer.text)")
            let empty = try await project.caller.send(.post, project.documents + "?name=a.txt", bytes: [])
            #expect(empty.status == 422 && empty.problem == "upload.empty", "\(empty.text)")
            let large = try await project.caller.send(
                .post, project.documents + "?name=a.txt", bytes: [UInt8](repeating: 65, count: 300 * 1024))
            #expect(large.status == 413, "\(large.text)")
            #expect(["upload.too_large", "request.too_large"].contains(large.problem))
            #expect(try await project.caller.send(.get, project.documents).ids.isEmpty)
        }
    }
}
