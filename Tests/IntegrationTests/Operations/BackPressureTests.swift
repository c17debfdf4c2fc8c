import Accounts
import Crypto
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Library
@testable import ParleyApp

/// What a server does that is asked for more than it can or may give.
@Suite(.serialized) struct BackPressureTests {
    private func project(_ application: RunningApplication) async throws -> ProjectFolder {
        return try await application.admin().project()
    }

    @Test func questionsPastTheLimitAreSentAway() async throws {
        let model = try await ScriptedModel()
        let settings = [
            "answer-quotes-only": "false", "model-url": model.url, "model-name": "scripted", "answer-max-running": "1",
            "answer-max-waiting": "1", "rate-question": "20", "rate-bulk": "1",
        ]
        let application = try await RunningApplication(testSettings(TemporaryFolder(), settings))
        let project = try await project(application)
        try await project.add()
        let thread = try await project.thread()
        let answers = [try await project.ask("Tell me [slowly]", in: thread), try await project.ask("And this?", in: thread)]
        let body: JSONValue = ["content": "One more?"]
        let refused = try await project.caller.send(.post, thread + "/messages", json: body)
        #expect(refused.status == 503 && refused.problem == "answer.overloaded" && refused.header("Retry-After") == "5")
        #expect(refused.header("RateLimit-Policy") == "\"question\";q=20;w=60")
        #expect(try await project.caller.send(.get, thread + "/messages?total=true").json["page"]?["total"]?["count"]?.int == 4)
        for answer in answers { _ = try await project.caller.send(.post, answer + "/cancel") }
        try await eventually("there is room again") {
            try await project.caller.send(.post, thread + "/messages", json: body).status == 202 ? () : Optional.none
        }
        let metrics = try await project.caller.send(.get, "/metrics").text
        #expect(metrics.contains("parley_http_problems_total{code=\"answer.overloaded\"}"))
        try await application.stop()
        await model.stop()
    }

    @Test func aDiskThatIsNearlyFullTakesNoMoreDocuments() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder(), ["storage-min-free": "1024GiB"]))
        let project = try await project(application)
        let refused = try await project.upload("Some text.")
        #expect(refused.status == 507 && refused.problem == "storage.full" && refused.header("Retry-After") == "60")
        #expect(try await project.caller.send(.post, project.threads, json: [:]).status == 201, "all else goes on")
        let ready = try await project.caller.send(.get, "/health/ready").json
        let disk = ready["dependencies"]?.array?.first { $0["name"] == "disk" }
        #expect(disk?["status"] == "degraded" && disk?["detail"]?.string?.contains("uploads are refused") == true)
        try await application.stop()
    }
}

extension WithInstallations {
    @Suite struct QuotaTests {
        @Test(arguments: TestDatabases.all)
        func anAdministratorSetsWhatAProjectMayHave(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            try await project.add()
            let path = project.path + "/quota"
            #expect(try await project.caller.send(.put, path, json: ["documents": 9]).status == 403, "not its owner")
            let before = try await project.caller.send(.get, path)
            #expect(before.json["documents"] == .null && before.header("ETag") != nil)
            let set = try await installation.admin.caller.send(.put, path, json: ["documents": 1, "monthly_tokens": 5])
            #expect(set.status == 200 && set.json["documents"]?.int == 1, "\(set.text)")
            #expect(try await project.caller.send(.get, path, ["If-None-Match": before.header("ETag") ?? ""]).status == 200)

            let refused = try await project.upload("Another text.", name: "other.md")
            #expect(refused.status == 403 && refused.problem == "quota.documents_exceeded")
            #expect(refused.json["limit"]?.int == 1 && refused.json["used"]?.int == 1)
            let question = try await project.caller.send(.post, project.thread() + "/messages", json: ["content": "Well?"])
            #expect(question.status == 429 && question.problem == "usage.tokens_used_up" && question.json["limit"]?.int == 5)

            let limits = try await project.caller.send(.get, project.path + "/usage/limits").json
            #expect(limits["documents"] == ["limit": 1, "used": 1, "reserved": 0] && limits["storage_bytes"]?["used"]?.int ?? 0 > 100)
            #expect(limits["monthly_tokens"]?["limit"]?.int == 5 && limits["daily_tokens"]?["limit"] == .null)
            #expect(try await project.caller.send(.get, "/v1/me/usage/limits").json["documents"]?["used"]?.int == 1)
        }

        @Test(arguments: TestDatabases.all)
        func purgingMakesRoom(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let project = try await person.project()
            let text = "Nobody else wrote this: \(UUID().uuidString)"
            let id = try #require(try await project.add(text, name: "a.md")["id"]?.string)
            let first = project.documents + "/" + id
            let size = try #require(try await person.caller.send(.get, "/v1/me/usage/limits").json["storage_bytes"]?["used"]?.int)
            let quota = "/v1/users/\(person.user.id)/quota"
            #expect(try await installation.admin.caller.send(.put, quota, json: ["storage_bytes": .int(size + 5)]).status == 200)
            #expect(try await project.upload("Too much", name: "b.md").problem == "quota.storage_exceeded")
            #expect(try await person.caller.send(.delete, first).status == 204)
            #expect(try await project.upload("Too much", name: "b.md").problem == "quota.storage_exceeded", "it can be restored")
            #expect(try await person.caller.send(.post, first + "/restore").status == 200, "its bytes are counted already")
            #expect(try await person.caller.send(.post, first + "/purge").problem == "document.not_deleted")

            #expect(try await person.caller.send(.delete, first).status == 204)
            #expect(try await person.caller.send(.post, first + "/purge").status == 204)
            #expect(try await project.upload("Too much", name: "b.md").problem == "quota.storage_exceeded", "its file is still there")
            let file = installation.parley.purge.blobs.place(of: SHA256.hash(data: Data(text.utf8)).map(SHA256.hexadecimal).joined())
            try FileManager.default.setAttributes([.modificationDate: Date() - 3600], ofItemAtPath: file.path)
            try await installation.parley.purge.round()
            #expect(try await project.upload("Too much", name: "b.md").status == 202)
        }

        /// Bytes of texts, passages and vectors as the rows hold them.
        private func expansion(_ parley: Parley, of document: String) async throws -> Int {
            try await parley.database.read { connection in
                var sum = 0
                for sql: SQL in [
                    "SELECT text || CAST(outline AS TEXT) AS a, '' AS b, '' AS c FROM parsed_texts JOIN revisions ON id = revision_id WHERE document_id = \(document)",
                    "SELECT text AS a, search_text AS b, heading_path AS c FROM chunks WHERE document_id = \(document)",
                ] {
                    for row in try connection.rows(sql) {
                        let (a, b): (String, String) = (try row["a"], try row["b"])
                        let path: JSONValue = (try? row["c"]) ?? .null
                        sum += a.utf8.count + b.utf8.count + (path.array ?? []).reduce(0) { $0 + ($1.string?.utf8.count ?? 0) }
                    }
                }
                let vectors = try connection.rows(
                    "SELECT vector FROM embeddings JOIN chunks ON chunks.id = chunk_id WHERE document_id = \(document)")
                return try vectors.reduce(sum) { $0 + (try $1["vector"] as [UInt8]).count }
            }
        }

        @Test func whatIsStoredCounts() async throws {
            let installation = try Installation.on(.sqlite)
            let person = try await installation.person()
            let project = try await person.project()
            // Longer than what is read in one go, so that its text is stored before its passages.
            let long = "# Long\n\n" + (0..<2500).map { "Sentence \($0) of a text that goes on and on." }.joined(separator: " ")
            for text in [ProjectFolder.handbook, long] {
                let document = try await project.add(text, name: "\(text.count).md")
                let id = try #require(document["id"]?.string)
                let stored = try await installation.parley.database.read {
                    try $0.row("SELECT stored_bytes FROM revisions WHERE document_id = \(id)").map { try $0["stored_bytes"] as Int }
                }
                #expect(stored == text.utf8.count + (try await expansion(installation.parley, of: id)))
                #expect(stored ?? 0 > 3 * text.utf8.count)
            }
        }

        @Test(arguments: TestDatabases.all)
        func aDocumentThatExpandsPastTheQuotaFailsAndLeavesNothing(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person()
            let long = "# Long\n\n" + (0..<2500).map { "Sentence \($0) of a text that goes on and on." }.joined(separator: " ")
            let short = ProjectFolder.handbook
            for (text, room) in [(short, short.utf8.count * 2), (long, long.utf8.count + 1000), (long, long.utf8.count * 2 + 1000)] {
                let project = try await person.project()
                let quota: JSONValue = ["storage_bytes": .int(Int64(room))]
                #expect(try await installation.admin.caller.send(.put, project.path + "/quota", json: quota).status == 200)
                let document = try await project.add(text + " \(room)", name: "a.md")
                let id = try #require(document["id"]?.string)
                #expect(document["state"]?.string == "failed" && document["error"]?["code"]?.string == "quota.storage_exceeded")
                #expect(try await expansion(installation.parley, of: id) == 0)
                let used = try await project.caller.send(.get, project.path + "/usage/limits").json["storage_bytes"]?["used"]?.int
                #expect(used == document["size"]?.int, "its file alone")
                #expect(try await installation.admin.caller.send(.put, project.path + "/quota", json: [:]).status == 200)
                if text == short {
                    #expect(try await project.caller.send(.post, project.documents + "/\(id)/retry").status == 202)
                    #expect(try await project.read(id)["state"]?.string == "ready")
                }
            }
        }

        @Test(arguments: [["ingestion-max-text": "1KiB"], ["ingestion-max-chunks": "2"]])
        func whatOneDocumentComesToIsBounded(_ setting: [String: String]) async throws {
            let application = try await RunningApplication(testSettings(TemporaryFolder(), setting))
            let project = try await application.admin().project()
            #expect(try await project.add()["state"]?.string == "ready")
            let long = "# Long\n\n" + (0..<500).map { "Sentence \($0) of a text that goes on and on." }.joined(separator: " ")
            let document = try await project.add(long, name: "long.md")
            #expect(document["state"]?.string == "failed" && document["error"]?["code"]?.string == "document.too_complex")
            #expect(try await expansion(application.parley, of: try #require(document["id"]?.string)) == 0)
            try await application.stop()
        }
    }
}
