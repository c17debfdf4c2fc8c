import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// What is accepted is done, whatever happens to the process in between.
@Suite(.serialized) struct RecoveryTests {
    private static let count = 6

    private func text(_ number: Int) -> String {
        "# Report \(number)\n\n"
            + (0..<15).map { "Paragraph \($0) of report \(number) speaks of topic\(number)." }.joined(separator: "\n\n")
    }

    private func project(_ application: RunningApplication, of id: ProjectID? = nil) async throws -> ProjectFolder {
        let admin = try await application.admin()
        if let id { return ProjectFolder(caller: admin.caller, id: id) }
        return try await admin.project()
    }

    @Test(arguments: TestDatabases.all, [true, false])
    func documentsAreReadToTheEndByTheNextProcess(_ dialect: Dialect, _ isOrderly: Bool) async throws {
        try await TestDatabases.withURL(dialect) { url in
            let folder = try TemporaryFolder()
            let settings = ["database-url": url]
            let first = try await RunningApplication(testSettings(folder, settings))
            let before = try await project(first)
            for number in 0..<Self.count {
                #expect(try await before.upload(text(number), name: "report\(number).md").status == 202)
            }
            if isOrderly { try await first.stop() } else { await first.abort() }

            let second = try await RunningApplication(testSettings(folder, settings))
            let after = try await project(second, of: before.id)
            let ids = try await after.caller.send(.get, after.documents + "?limit=100").ids
            #expect(ids.count == Self.count)
            for id in ids {
                let document = try await after.read(id)
                #expect(document["state"]?.string == "ready")
                let chunks = try await second.parley.database.read { connection in
                    let sql: SQL = """
                        SELECT count(*) AS n, count(embeddings.chunk_id) AS e FROM chunks
                        LEFT JOIN embeddings ON embeddings.chunk_id = chunks.id WHERE chunks.document_id = \(id)
                        """
                    return try connection.row(sql).map { (try $0["n"] as Int, try $0["e"] as Int) }
                }
                #expect(chunks?.0 == document["chunks"]?.int.map { Int($0) } && chunks?.1 == chunks?.0, "nothing lost, nothing doubled")
            }
            for number in [0, Self.count - 1] {
                let hits = try await after.search("topic\(number)", mode: "lexical", limit: 50)
                #expect(Set(hits.compactMap { $0["document_name"]?.string }) == ["report\(number).md"])
            }
            try await second.stop()
        }
    }

    /// Processes that die at the same work again and again, told by the rows that they leave behind.
    @Test(arguments: TestDatabases.all)
    func whatEveryProcessDiedOfIsGivenUpWithAReason(_ dialect: Dialect) async throws {
        try await TestDatabases.withURL(dialect) { url in
            let folder = try TemporaryFolder()
            let settings = ["database-url": url]
            let first = try await RunningApplication(testSettings(folder, settings))
            let before = try await project(first)
            let document = try #require(try await before.add()["id"]?.string)
            let path = try await before.ask("When is the office open?", in: before.thread())
            _ = try await before.caller.follow(path + "/events")
            try await first.stop()
            let database = try await TestDatabases.open(url)
            try await database.write { connection in
                try connection.execute(
                    """
                    UPDATE jobs SET state = 'running', attempts = 5, deaths = 4, worker = 'dead', finished_at = NULL,
                        lease_until = \(Timestamp(milliseconds: 0))
                    WHERE type IN ('library.ingest', 'conversations.answer')
                    """)
                try connection.execute("UPDATE revisions SET state = 'parsing'")
                try connection.execute("UPDATE messages SET state = 'generating' WHERE role = 'assistant'")
                try connection.execute("DELETE FROM answer_events WHERE number > 1")
            }
            await database.close()

            let second = try await RunningApplication(testSettings(folder, settings))
            let after = try await project(second, of: before.id)
            let error = try await after.read(document)["error"]
            #expect(error?["code"]?.string == "document.ended_server")
            #expect(error?["message"]?.string?.hasPrefix("Reading this document ended the server three times") == true)
            let events = try await after.caller.follow(path + "/events")
            #expect(events.map(\.kind) == ["retrieval", "error"])
            #expect(try await after.caller.send(.get, path).json["error"]?["code"]?.string == "answer.failed")
            #expect(try await after.caller.send(.post, after.documents + "/\(document)/retry").status == 202)
            #expect(try await after.read(document)["state"]?.string == "ready")
            try await second.stop()
        }
    }

    @Test(arguments: TestDatabases.all)
    func anAnswerIsBegunAgainByTheNextProcess(_ dialect: Dialect) async throws {
        let model = try await ScriptedModel()
        try await TestDatabases.withURL(dialect) { url in
            let folder = try TemporaryFolder()
            let settings = [
                "database-url": url, "answer-quotes-only": "false", "model-url": model.url, "model-name": "scripted",
            ]
            let first = try await RunningApplication(testSettings(folder, settings))
            let before = try await project(first)
            try await before.add()
            // The first text of a model of which nothing is known is held back for a while.
            _ = try await before.caller.follow(before.ask("When is the office open?", in: before.thread()) + "/events")
            let path = try await before.ask("Tell me [in a second]", in: before.thread())
            _ = try await before.caller.follow(path + "/events") { $0.id != "5" }
            await first.abort()

            let second = try await RunningApplication(testSettings(folder, settings))
            let after = try await project(second, of: before.id)
            let onward = try await after.caller.follow(path + "/events", after: "5")
            #expect(onward.first?.kind == "restarted" && onward.last?.kind == "done", "who saw five events learns that they are void")
            let events = try await after.caller.follow(path + "/events")
            let numbers = events.compactMap { $0.id.flatMap { Int($0) } }
            #expect(numbers.count == events.count && numbers == numbers.sorted() && Set(numbers).count == numbers.count)
            let again = try #require(events.firstIndex { $0.kind == "restarted" })
            #expect(events[again].data["attempt"]?.int == 2)
            let text = events[again...].filter { $0.kind == "text" }.compactMap { $0.data["text"]?.string }.joined()
            #expect(text == ScriptedModel.opening + (1...40).map { "word\($0) " }.joined(), "what came before is void")
            let message = try await after.caller.send(.get, path).json
            #expect(message["content"]?.string == text && message["attempt"]?.int == 2 && message["state"]?.string == "complete")
            try await second.stop()
        }
        await model.stop()
    }

    @Test func aDataFolderHasOneProcess() async throws {
        let folder = try TemporaryFolder()
        let first = try await RunningApplication(testSettings(folder))
        let error = await #expect(throws: ParleyError.self) { _ = try await Parley(testSettings(folder)) }
        #expect(error?.code == .dataInUse)
        try await first.stop()
        let second = try await RunningApplication(testSettings(folder))
        try await second.stop()
    }

    @Test func aServerThatCannotListenSaysSo() async throws {
        let reader = try testSettings(TemporaryFolder(), ["http-host": "192.0.2.1", "http-public-url": "http://192.0.2.1"])
        await #expect(throws: (any Error).self) { try await LocalServer.run(reader) { _, _ in } }
    }

    @Test func withoutAnEmbeddingModelWordsAreFound() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder(), ["embedding-model": "/nowhere/model"]))
        let project = try await project(application)
        #expect(try await project.add()["state"]?.string == "ready")
        let answer = try await project.caller.send(.post, project.path + "/search", json: ["query": "office hours"])
        #expect(answer.json["hits"]?.array?.isEmpty == false)
        #expect(answer.json["degraded"]?.array?.first?["component"]?.string == "embedding")
        let ready = try await project.caller.send(.get, "/health/ready")
        #expect(ready.status == 200 && ready.json["status"]?.string == "degraded")
        try await application.stop()
    }

    @Test func theSampleProjectFillsItself() async throws {
        let (folder, sample) = (try TemporaryFolder(), try TemporaryFolder())
        try ProjectFolder.handbook.write(toFile: sample.path + "/handbook.md", atomically: true, encoding: .utf8)
        let application = try await RunningApplication(testSettings(folder, ["sample-path": sample.path]))
        let caller = try await application.admin().caller
        let id = try await eventually("there is a sample project") {
            try await caller.send(.get, "/v1/projects").items.first { $0["name"]?.string == SampleProject.name }?["id"]?.string
        }
        let project = ProjectFolder(caller: caller, id: try #require(ProjectID(id)))
        try await eventually("it can be asked") { try await project.search("office").isEmpty ? nil : () }
        try await application.stop()
    }
}
