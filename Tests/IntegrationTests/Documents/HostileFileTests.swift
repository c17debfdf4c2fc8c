import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

extension WithInstallations {
    /// Files that were made to harm end as documents that failed, and nobody else notices.
    @Suite struct HostileFileTests {
        private func upload(_ bytes: [UInt8], _ name: String, to project: ProjectFolder) async throws -> JSONValue {
            let answer = try await project.caller.send(
                .post, project.documents + "?name=" + name, bytes: bytes, ["Content-Type": "application/octet-stream"])
            try #require(answer.status == 202, "\(answer.text)")
            return try await project.read(try #require(answer.json["id"]?.string))
        }

        @Test(arguments: TestDatabases.all) func numbersBeyondAllMeasureInAPDF(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let pdf = Fixture.pdf([[("Huge", 10_000_000_000_000_000, 100), ("Small words", 12, 200)]])
            let document = try await upload(pdf, "huge.pdf", to: project)
            #expect(["ready", "failed"].contains(document["state"]?.string))
            try await project.add()
            #expect(try await project.search("office hours", mode: "lexical").isEmpty == false)
        }

        @Test(arguments: TestDatabases.all) func aNoteThatIsReferredToThousandsOfTimesStandsOnce(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
            let note = (0..<5_000).map { "word\($0) " }.joined()
            let body = String(repeating: "<w:p><w:r><w:t>x</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>", count: 2_000)
            let notes = "<w:footnotes \(space)><w:footnote w:id=\"1\"><w:p><w:r><w:t>\(note)</w:t></w:r></w:p></w:footnote></w:footnotes>"
            let document = try await upload(Fixture.docx(body: body, extra: [("word/footnotes.xml", notes)]), "notes.docx", to: project)
            #expect(document["state"]?.string == "ready")
            let text = try await project.caller.send(.get, project.documents + "/\(document["id"]?.string ?? "")/text").json["text"]?.string
            #expect(text?.utf8.count ?? .max < 150_000)
        }
    }
}
