import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting
import Testing

@testable import Notifications
@testable import ParleyApp

extension WithInstallations {
    /// Webhooks with a real receiver. 127.0.0.1 is an allowed range of the installations, nothing else inside is.
    @Suite struct WebhookTests {
        private func with(_ dialect: Dialect, _ body: (Installation, ProjectFolder, WebhookReceiver) async throws -> Void) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let receiver = try await WebhookReceiver()
            do {
                try await body(installation, project, receiver)
                await receiver.stop()
            } catch {
                await receiver.stop()
                throw error
            }
        }

        private func make(_ project: ProjectFolder, _ url: String, _ events: [String] = []) async throws -> (path: String, secret: String) {
            let body: JSONValue = ["url": .string(url), "events": .array(events.map { .string($0) })]
            let answer = try await project.caller.send(.post, project.path + "/webhooks", json: body)
            try #require(answer.status == 201, "\(answer.text)")
            #expect(answer.header("Cache-Control") == "no-store")
            let id = try #require(answer.json["webhook"]?["id"]?.string)
            return (project.path + "/webhooks/" + id, try #require(answer.json["secret"]?.string))
        }

        private func rename(_ project: ProjectFolder) async throws {
            #expect(try await project.caller.send(.patch, project.path, json: ["name": "Renamed"]).status == 200)
        }

        /// The webhook's only delivery once it is in this state.
        private func delivery(_ project: ProjectFolder, _ path: String, _ state: String, attempts: Int = 1) async throws -> JSONValue {
            try await eventually("\(path) is \(state)") {
                let found = try await project.caller.send(.get, path + "/deliveries").items.first
                let isThere = found?["state"]?.string == state && (found?["attempts"]?.array?.count ?? 0) >= attempts
                return isThere ? found : Optional.none
            }
        }

        /// Lets deliveries that wait for a later moment be tried now.
        private func hurry(_ installation: Installation) async throws {
            try await installation.parley.database.write { connection in
                try connection.execute(
                    "UPDATE jobs SET run_at = created_at WHERE type = 'notifications.deliver' AND state = 'queued'")
            }
        }

        /// Checks a signature with Python's own HMAC, as a receiver would that knows nothing of this program.
        private func verifies(_ message: WebhookReceiver.Message, _ secret: String) async throws -> Bool {
            let script = """
                import base64, hashlib, hmac, sys
                key = base64.b64decode(sys.argv[1].removeprefix("whsec_"))
                signed = f"{sys.argv[2]}.{sys.argv[3]}.".encode() + sys.stdin.buffer.read()
                wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                sys.exit(0 if wanted in sys.argv[4].split(" ") else 1)
                """
            let process = Process()
            let input = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = ["-c", script, secret, message.id, message.timestamp, message.signature]
            process.standardInput = input
            let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try process.run()
                    try input.fileHandleForWriting.write(contentsOf: Data(message.body))
                    try input.fileHandleForWriting.close()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            return status == 0
        }

        @Test(arguments: TestDatabases.all)
        func whatHappensIsToldWithASignatureThatOthersVerify(_ dialect: Dialect) async throws {
            try await with(dialect) { _, project, receiver in
                let (path, secret) = try await make(project, receiver.url + "/ok", ["document.added", "document.ready"])
                let document = try await project.add()
                let messages = try await eventually("both are told") {
                    let messages = receiver.messages
                    return messages.count >= 2 ? messages : nil
                }
                #expect(Set(messages.map(\.kind)) == ["document.added", "document.ready"])
                #expect(Set(messages.map(\.id)).count == 2)
                for message in messages {
                    #expect(message.id.hasPrefix("evt_") && message.json["data"]?["event_id"]?.string == message.id)
                    #expect(message.json["data"]?["subject_id"]?.string == document["id"]?.string)
                    #expect(message.json["data"]?["project_id"]?.string == project.id.description)
                    #expect(message.json["timestamp"]?.string.flatMap { Timestamp(rfc3339: $0) } != nil)
                    #expect(abs((Double(message.timestamp) ?? 0) - Date().timeIntervalSince1970) < 120)
                    #expect(try await verifies(message, secret))
                    let foreign = try await verifies(message, WebhookSecret().text)
                    #expect(!foreign)
                }
                let log = try await eventually("the log has both") {
                    let items = try await project.caller.send(.get, path + "/deliveries?filter=state=delivered").items
                    return items.count == 2 ? items : nil
                }
                #expect(log.allSatisfy { $0["attempts"]?.array?.first?["status"]?.int == 204 })
                let bodies = Set(log.compactMap { $0["body"]?.string })
                #expect(bodies == Set(messages.map { String(decoding: $0.body, as: UTF8.self) }))
            }
        }

        @Test(arguments: TestDatabases.all)
        func aSecretIsToldOnceAndKeptSealed(_ dialect: Dialect) async throws {
            try await with(dialect) { installation, project, receiver in
                let (path, secret) = try await make(project, receiver.url + "/ok", ["project.changed"])
                for read in [path, project.path + "/webhooks", path + "/deliveries"] {
                    let text = try await project.caller.send(.get, read).text
                    #expect(!text.contains(secret.dropFirst(6)))
                }
                let rows = try await installation.parley.database.read { try $0.rows("SELECT secret FROM webhooks") }
                let key = try #require(Data(base64Encoded: String(secret.dropFirst(6))))
                #expect(key.count == 32)
                for row in rows {
                    let sealed: [UInt8] = try row["secret"]
                    #expect(Data(sealed).range(of: key) == nil)
                }

                let rotated = try await project.caller.send(.post, path + "/rotate-secret", json: [:])
                let second = try #require(rotated.json["secret"]?.string)
                #expect(second != secret && rotated.header("Cache-Control") == "no-store")
                #expect(rotated.json["webhook"]?["previous_secret_until"]?.string != nil)
                _ = try await project.caller.send(.post, path + "/test")
                let both = try #require(receiver.messages.last)
                #expect(both.signature.split(separator: " ").count == 2)
                #expect(try await verifies(both, secret))
                #expect(try await verifies(both, second))

                let third = try await project.caller.send(.post, path + "/rotate-secret", json: ["overlap_seconds": 0])
                _ = try await project.caller.send(.post, path + "/test")
                let alone = try #require(receiver.messages.last)
                #expect(alone.signature.split(separator: " ").count == 1)
                #expect(try await verifies(alone, try #require(third.json["secret"]?.string)))
            }
        }

        @Test(arguments: TestDatabases.all)
        func whatFailedIsTriedAgainWithTheSameId(_ dialect: Dialect) async throws {
            try await with(dialect) { installation, project, receiver in
                let (path, _) = try await make(project, receiver.url + "/once", ["project.changed"])
                try await rename(project)
                let waiting = try await delivery(project, path, "waiting")
                #expect(waiting["attempts"]?.array?.first?["error"]?.string == "The receiver answered 500.")
                #expect(waiting["next_attempt_at"]?.string != nil)
                #expect(try await project.caller.send(.get, path).json["failing_since"]?.string != nil)
                let id = try #require(waiting["id"]?.string)
                let early = try await project.caller.send(.post, path + "/deliveries/\(id)/replay")
                #expect(early.problem == "webhook.delivery_waiting")
                try await hurry(installation)
                _ = try await delivery(project, path, "delivered", attempts: 2)
                #expect(receiver.messages.count == 2 && Set(receiver.messages.map(\.id)).count == 1)
                #expect(Set(receiver.messages.map(\.body)).count == 1)
                #expect(try await project.caller.send(.get, path).json["failing_since"] == .null)
            }
        }

        @Test(arguments: TestDatabases.all)
        func aTestTellsAtOnceWhatIsWrong(_ dialect: Dialect) async throws {
            try await with(dialect) { _, project, receiver in
                func test(_ path: String) async throws -> JSONValue {
                    let (webhook, _) = try await make(project, receiver.url + path, ["project.deleted"])
                    let answer = try await project.caller.send(.post, webhook + "/test")
                    #expect(answer.status == 201 && answer.json["event"]?.string == "webhook.test", "\(answer.text)")
                    #expect(try await project.caller.send(.get, webhook + "/deliveries").ids == [answer.json["id"]?.string ?? ""])
                    return answer.json
                }
                func error(_ delivery: JSONValue) -> String { delivery["attempts"]?.array?.first?["error"]?.string ?? "" }
                #expect(try await test("/ok")["state"]?.string == "delivered")
                #expect(try await test("/chatty")["state"]?.string == "delivered", "what the receiver says does not matter")
                let failed = try await test("/fail")
                #expect(failed["state"]?.string == "failed" && error(failed) == "The receiver answered 503.")
                #expect(failed["attempts"]?.array?.first?["response"]?.string == "out of order")
                let hung = try await test("/hang")
                #expect(error(hung) == "The receiver did not answer in time.")
                for path in ["/away", "/inside"] {
                    let redirected = try await test(path)
                    #expect(error(redirected).contains("redirects are not followed"))
                }
                #expect(receiver.messages.count == 6)
            }
        }

        @Test(arguments: TestDatabases.all)
        func addressesInsideAreRefused(_ dialect: Dialect) async throws {
            try await with(dialect) { _, project, receiver in
                let (path, _) = try await make(project, receiver.url + "/ok")
                for url in [
                    "http://10.0.0.1/", "http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/latest", "http://2130706433/",
                    "http://localhost:1@10.0.0.1/", "ftp://example.com/", "http://user:pass@127.0.0.1:\(receiver.port)/",
                    "http://[::ffff:10.0.0.1]/",
                ] {
                    for (method, place) in [("POST", project.path + "/webhooks"), ("PATCH", path)] {
                        let answer = try await project.caller.send(.init(rawValue: method), place, json: ["url": .string(url)])
                        #expect(answer.status == 422 && answer.problem == "input.invalid", "\(url): \(answer.text)")
                        #expect(answer.json["errors"]?.array?.first?["pointer"]?.string == "/url", "\(url)")
                    }
                }
                let unknown = try await project.caller.send(
                    .post, project.path + "/webhooks", json: ["url": .string(receiver.url), "events": ["user.added"]])
                #expect(unknown.status == 422)
                #expect(receiver.messages.isEmpty)
            }
        }

        @Test(arguments: TestDatabases.all)
        func whatWasMissedCanBeReplayed(_ dialect: Dialect) async throws {
            try await with(dialect) { _, project, receiver in
                let begun = Timestamp(Date())
                let (path, _) = try await make(project, receiver.url + "/ok", ["project.changed"])
                #expect(try await project.caller.send(.patch, path, json: ["enabled": false]).json["enabled"]?.bool == false)
                try await rename(project)
                let skipped = try await delivery(project, path, "skipped", attempts: 0)
                let since: JSONValue = ["since": .string(begun.description)]
                #expect(try await project.caller.send(.post, path + "/replay", json: since).problem == "webhook.is_disabled")
                #expect(receiver.messages.isEmpty)
                _ = try await project.caller.send(.patch, path, json: ["enabled": true])
                #expect(try await project.caller.send(.post, path + "/replay", json: since).status == 202)
                let delivered = try await delivery(project, path, "delivered")
                #expect(delivered["id"] == skipped["id"] && receiver.messages.count == 1)

                let one = try await project.caller.send(.post, path + "/deliveries/\(delivered["id"]?.string ?? "")/replay")
                #expect(one.status == 202 && one.json["state"]?.string == "waiting")
                _ = try await eventually("it is sent again") { receiver.messages.count == 2 ? true : nil }
                _ = try await delivery(project, path, "delivered")
                let all = try await project.caller.send(
                    .post, path + "/replay", json: ["since": .string(begun.description), "include_delivered": true])
                #expect(all.status == 202)
                _ = try await eventually("all is sent again") { receiver.messages.count == 3 ? true : nil }
                #expect(Set(receiver.messages.map(\.id)).count == 1)
            }
        }

        @Test(arguments: TestDatabases.all)
        func aReceiverThatIsGoneIsGivenUpWithAnEvent(_ dialect: Dialect) async throws {
            try await with(dialect) { installation, project, receiver in
                let (watching, _) = try await make(project, receiver.url + "/ok", ["webhook.disabled"])
                let (gone, _) = try await make(project, receiver.url + "/gone", ["project.changed"])
                let (failing, _) = try await make(project, receiver.url + "/fail", ["project.changed"])
                let long = Timestamp(Date()) - .seconds(6 * 86_400)
                try await installation.parley.database.write { connection in
                    try connection.execute(
                        "UPDATE webhooks SET failing_since = \(long) WHERE url LIKE \("%/fail") AND project_id = \(project.id)")
                }
                try await rename(project)
                for path in [gone, failing] {
                    _ = try await delivery(project, path, "failed")
                    let webhook = try await project.caller.send(.get, path).json
                    #expect(webhook["enabled"]?.bool == false && webhook["disabled_reason"]?.string != nil)
                }
                let told = try await eventually("the other webhook is told") {
                    let told = receiver.messages(at: "/ok")
                    return told.count == 2 ? told : nil
                }
                #expect(Set(told.map(\.kind)) == ["webhook.disabled"])
                #expect(try await project.caller.send(.get, watching).json["enabled"]?.bool == true)
                let again = try await project.caller.send(.patch, failing, json: ["enabled": true]).json
                #expect(again["disabled_reason"] == .null && again["failing_since"] == .null)
            }
        }

        @Test(arguments: TestDatabases.all)
        func webhooksAreKeptByWhoManagesTheProject(_ dialect: Dialect) async throws {
            try await with(dialect) { installation, project, receiver in
                let (path, _) = try await make(project, receiver.url + "/ok")
                let other = try await installation.person().project()
                let id = path.split(separator: "/").last ?? ""
                #expect(try await other.caller.send(.get, other.path + "/webhooks/\(id)").problem == "webhook.not_found")
                #expect(try await other.caller.send(.post, other.path + "/webhooks/\(id)/test").problem == "webhook.not_found")
                #expect(try await other.caller.send(.get, other.path + "/webhooks/\(id)/deliveries").problem == "webhook.not_found")
                for _ in 1..<20 { _ = try await make(project, receiver.url + "/ok") }
                let more = try await project.caller.send(.post, project.path + "/webhooks", json: ["url": .string(receiver.url)])
                #expect(more.status == 409 && more.problem == "webhook.too_many")
                let first = try await project.caller.send(.get, project.path + "/webhooks?limit=15")
                #expect(first.items.count == 15)
                #expect(try await project.caller.send(.delete, path).status == 204)
                #expect(try await project.caller.send(.get, path).problem == "webhook.not_found")
            }
        }

        private func position(in database: Database) async throws -> EventPosition {
            let text: String? = try await database.read { connection in
                try connection.row("SELECT position FROM event_readers WHERE name = 'webhooks'").map { try $0["position"] }
            }
            return text.flatMap(EventPosition.init) ?? .start
        }

        @Test(arguments: TestDatabases.all)
        func anEventIsTakenOnceHoweverOftenItIsRead(_ dialect: Dialect) async throws {
            try await with(dialect) { installation, project, receiver in
                let (path, _) = try await make(project, receiver.url + "/ok", ["project.changed"])
                try await rename(project)
                _ = try await delivery(project, path, "delivered")
                // As after a crash, or with a second server: the events are read from the beginning once more.
                let database = installation.parley.database
                let before = try await position(in: database)
                try await database.write { try $0.execute("UPDATE event_readers SET position = '0-0'") }
                let follower = installation.parley.webhookFollower
                let reading = Task { try await follower.run() }
                _ = try await eventually("the events are read again") { try await position(in: database) >= before ? true : nil }
                reading.cancel()
                _ = await reading.result
                #expect(try await project.caller.send(.get, path + "/deliveries").items.count == 1)
                #expect(receiver.messages.count == 1)
            }
        }
    }
}
