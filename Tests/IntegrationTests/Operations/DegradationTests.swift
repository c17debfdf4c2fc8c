import Accounts
import Foundation
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// Each row of docs/degradation.md: the dependency is taken away for real, and given back.
@Suite(.serialized) struct DegradationTests {
    private func project(_ application: RunningApplication) async throws -> ProjectFolder {
        return try await application.admin().project()
    }

    /// Which components the answer to a question did without.
    private func degradation(_ project: ProjectFolder) async throws -> [String] {
        let path = try await project.ask("When is the office open?", in: project.thread())
        let message = try await eventually("it is answered") {
            let message = try await project.caller.send(.get, path).json
            return message["state"]?.string == "complete" ? message : Optional.none
        }
        #expect(message["content"]?.string?.contains("nine to five") == true, "an answer comes all the same")
        return (message["degraded"]?.array ?? []).compactMap { $0["component"]?.string }
    }

    private func searchedWithout(_ project: ProjectFolder) async throws -> [String] {
        let answer = try await project.caller.send(.post, project.path + "/search", json: ["query": "office hours"])
        #expect(answer.status == 200 && answer.json["hits"]?.array?.isEmpty == false, "passages are found all the same")
        return (answer.json["degraded"]?.array ?? []).compactMap { $0["component"]?.string }
    }

    private func health(_ project: ProjectFolder, _ name: String) async throws -> String? {
        let report = try await project.caller.send(.get, "/health/ready").json
        let dependencies = report["dependencies"]?.array ?? []
        return dependencies.first { $0["name"]?.string == name }?["status"]?.string
    }

    @Test func theLanguageModelGoneAndBack() async throws {
        let model = try await ScriptedModel()
        let port = try #require(URL(string: model.url)?.port)
        let settings = ["answer-quotes-only": "false", "model-url": model.url, "model-name": "scripted", "remote-breaker-pause": "50ms"]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await project(application)
        try await project.add()
        #expect(try await degradation(project).isEmpty)
        await model.stop()
        for _ in 0..<3 { #expect(try await degradation(project) == ["model"]) }
        let back = try await ScriptedModel(port: port)
        let healed = try await eventually("the model answers again") {
            try await degradation(project).isEmpty ? true : nil
        }
        #expect(healed)
        try await application.stop()
        await back.stop()
    }

    @Test func theEmbeddingServiceGoneAndBack() async throws {
        let service = try await EmbeddingService()
        let settings = [
            "embedding-url": "http://127.0.0.1:\(service.port)/v1", "embedding-model": "letters", "remote-breaker-pause": "50ms",
            "remote-attempts": "1",
        ]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await project(application)
        try await project.add()
        _ = try await eventually("it is found by meaning") { try await searchedWithout(project).isEmpty ? true : nil }
        await service.stop()
        for _ in 0..<6 { #expect(try await searchedWithout(project) == ["embedding"]) }
        let shut = try await eventually("the breaker shows in health") { () -> String? in
            try await searchedWithout(project) == ["embedding"] ? try await health(project, "remote_services") : nil
        }
        #expect(shut == "degraded")
        let back = try await EmbeddingService(port: service.port)
        _ = try await eventually("it is found by meaning again") { try await searchedWithout(project).isEmpty ? true : nil }
        _ = try await eventually("health sees it") { try await health(project, "remote_services") == "ok" ? true : nil }
        try await application.stop()
        await back.stop()
    }

    @Test func theEmbeddingModelMissingAndInstalled() async throws {
        let folder = try TemporaryFolder()
        let without = try await RunningApplication(testSettings(folder, ["embedding-model": "/nowhere/model"]))
        let before = try await project(without)
        try await before.add()
        #expect(try await searchedWithout(before) == ["embedding"])
        #expect(try await health(before, "embedding_model") == "down")
        try await without.stop()

        let application = try await RunningApplication(testSettings(folder))
        let after = ProjectFolder(caller: try await application.admin().caller, id: before.id)
        _ = try await eventually("what was read without it is found by meaning") {
            let found = try await after.search("when do people work", mode: "vector")
            return found.isEmpty ? nil : true
        }
        try await application.stop()
    }

    @Test func theReaderMissingAndInstalled() async throws {
        let folder = try TemporaryFolder()
        let model = folder.path + "/reader"
        let application = try await RunningApplication(testSettings(folder, ["reader-enabled": "true", "reader-model": model]))
        let project = try await project(application)
        try await project.add()
        #expect(try await degradation(project) == ["reader"])
        #expect(try await health(project, "reader") == "down")
        try FileManager.default.createSymbolicLink(atPath: model, withDestinationPath: InstalledFiles.path("models/reader"))
        #expect(try await degradation(project).isEmpty)
        _ = try await eventually("health sees it") { try await health(project, "reader") == "ok" ? true : nil }
        try await application.stop()
    }

    @Test func postgresGoneAndBack() async throws {
        let server = try await PostgresServer.alone()
        let application = try await RunningApplication(testSettings(TemporaryFolder(), ["database-url": server.url("postgres")]))
        let project = try await project(application)
        try await project.add()
        try await server.stop()
        let refused = try await project.caller.send(.get, project.path)
        #expect(refused.status == 503 && refused.problem?.hasPrefix("database.") == true, "\(refused.text)")
        #expect(try await project.caller.send(.get, "/health/live").status == 200)
        let ready = try await eventually("readiness is refused") {
            let ready = try await project.caller.send(.get, "/health/ready")
            return ready.status == 503 ? ready : nil
        }
        #expect(ready.status == 503)
        try await server.restart()
        _ = try await eventually("the project is there") { try await project.caller.send(.get, project.path).status == 200 ? true : nil }
        // Jobs, events and indexes go on too.
        try await project.add("# Canteen\n\nSoup is served at noon.", name: "canteen.md")
        _ = try await eventually("the new document is found") { try await project.search("soup").isEmpty ? nil : true }
        _ = try await eventually("readiness is back") { try await project.caller.send(.get, "/health/ready").status == 200 ? true : nil }
        try await application.stop()
        try await server.stop()
    }

    @Test func aWebhookReceiverGoneAndBack() async throws {
        let receiver = try await WebhookReceiver()
        let settings = ["outbound-plain-http": "true", "outbound-allowed-ranges": "127.0.0.1", "remote-breaker-pause": "50ms"]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await project(application)
        let made = try await project.caller.send(
            .post, project.path + "/webhooks", json: ["url": .string(receiver.url + "/ok"), "events": ["project.changed"]])
        let log = project.path + "/webhooks/\(made.json["webhook"]?["id"]?.string ?? "")/deliveries"
        await receiver.stop()
        #expect(try await project.caller.send(.patch, project.path, json: ["name": "Renamed"]).status == 200)
        let waiting = try await eventually("an attempt failed") {
            let delivery = try await project.caller.send(.get, log).items.first
            return delivery?["attempts"]?.array?.isEmpty == false ? delivery : Optional.none
        }
        #expect(waiting["state"]?.string == "waiting" && waiting["next_attempt_at"]?.string != nil)
        #expect(waiting["attempts"]?.array?.first?["error"]?.string == "The receiver cannot be reached.")
        let back = try await WebhookReceiver(port: receiver.port)
        try await application.parley.database.write { connection in
            try connection.execute("UPDATE jobs SET run_at = created_at WHERE type = 'notifications.deliver' AND state = 'queued'")
        }
        _ = try await eventually("it is delivered") {
            try await project.caller.send(.get, log).items.first?["state"]?.string == "delivered" ? true : nil
        }
        #expect(back.messages.count == 1)
        try await application.stop()
        await back.stop()
    }

    /// Every row of the page names a test that exists.
    @Test func everyRowNamesItsTest() throws {
        let page = try InstalledFiles.text("docs/degradation.md")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count >= 6)
        for row in rows {
            let name = row.split(separator: "|").last.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) } ?? ""
            let parts = name.split(separator: ".")
            let files = try #require(
                FileManager.default.enumerator(at: InstalledFiles.repository.appending(path: "Tests"), includingPropertiesForKeys: nil))
            let isThere = try files.compactMap { $0 as? URL }.filter { $0.lastPathComponent == (parts.first ?? "") + ".swift" }
                .contains { try String(contentsOf: $0, encoding: .utf8).contains("func \(parts.last ?? "")(") }
            #expect(isThere && parts.count == 2, "\(row)")
        }
    }
}

/// An embedding service behind the OpenAI protocol whose vectors count letters.
private struct EmbeddingService: Sendable {
    let port: Int
    private let task: Task<Void, Never>

    init(port wanted: Int = 0) async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.post("/v1/embeddings") { request, _ in
            let body = try JSONValue(parsing: Array(buffer: try await request.body.collect(upTo: 1 << 22)))
            let texts = (body["input"]?.array ?? []).compactMap(\.string)
            let data = texts.enumerated().map { index, text -> JSONValue in
                let letters = "aeinorst".map { letter in JSONValue.double(1 + Double(text.count { $0 == letter })) }
                return ["object": "embedding", "index": .int(Int64(index)), "embedding": .array(letters)]
            }
            let answer: JSONValue = ["object": "list", "model": "letters", "data": .array(data)]
            return Response(
                status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: answer.text)))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: wanted)),
            onServerRunning: { channel in
                found.yield(channel.localAddress?.port ?? 0)
                found.finish()
            },
            logger: Logger(label: "embeddings") { _ in SwiftLogNoOpLogHandler() })
        task = Task {
            try? await application.run()
            found.finish()
        }
        var iterator = ports.makeAsyncIterator()
        port = await iterator.next() ?? 0
    }

    func stop() async {
        task.cancel()
        await task.value
    }
}
