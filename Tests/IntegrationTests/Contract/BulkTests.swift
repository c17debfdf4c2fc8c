import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Many changes at once.
    @Suite struct BulkTests {
        private func operation(_ name: String, _ id: String? = nil, _ body: JSONValue? = nil) -> JSONValue {
            var members: [String: JSONValue] = ["op": .string(name)]
            members["id"] = id.map { .string($0) }
            members["body"] = body
            return .object(members)
        }

        private func send(_ caller: Caller, _ path: String, _ operations: [JSONValue], _ headers: [String: String] = [:]) async throws
            -> Answer
        {
            try await caller.send(.post, path, json: ["operations": .array(operations)], headers)
        }

        @Test func everyListThatCanBeChangedHasIt() throws {
            let endpoints = try Installation.on(.sqlite).parley.endpoints
            for path in ["projects", "users", "projects/{project}/documents", "projects/{project}/threads", "projects/{project}/members"] {
                #expect(endpoints.contains { $0.path == "/v1/\(path)/bulk" && $0.rate == .bulk }, "\(path)")
            }
            for endpoint in endpoints where endpoint.method == .delete {
                let collection = endpoint.path.split(separator: "/").dropLast().joined(separator: "/")
                let list = endpoints.first { $0.path == "/" + collection && $0.method == .get }
                guard case .page? = list?.output else { continue }
                #expect(endpoints.contains { $0.path == "/\(collection)/bulk" }, "\(collection)")
            }
        }

        /// Hashing refuses to begin while a transaction is open, so that these succeed only when it was done before.
        @Test(arguments: TestDatabases.all) func passwordsAreHashedBeforeTheTransaction(_ dialect: Dialect) async throws {
            let caller = try Installation.on(dialect).admin.caller
            func users() -> [JSONValue] {
                (0..<3).map { _ in
                    operation(
                        "create", nil,
                        ["email": .string("\(UUID().uuidString.lowercased())@example.com"), "name": "B", "password": "a quiet river bed"])
                }
            }
            let atomic = try await send(caller, "/v1/users/bulk?mode=atomic", users(), ["Idempotency-Key": UUID().uuidString])
            #expect(atomic.items.compactMap { $0["status"]?.int } == [201, 201, 201], "\(atomic.text)")
            let each = try await send(caller, "/v1/users/bulk", users(), ["Idempotency-Key": UUID().uuidString])
            #expect(each.items.compactMap { $0["status"]?.int } == [201, 201, 201], "\(each.text)")
            let ids = each.items.compactMap { $0["id"]?.string }
            let changes = ids.map { operation("update", $0, ["password": "another quiet river"]) }
            let changed = try await send(caller, "/v1/users/bulk?mode=atomic", changes)
            #expect(changed.items.compactMap { $0["status"]?.int } == [200, 200, 200], "\(changed.text)")
            let email = each.items[0]["body"]?["email"]?.string ?? ""
            let entered = try await caller.send(
                .post, "/v1/auth/sign-in", json: ["email": .string(email), "password": "another quiet river"])
            #expect(entered.status == 200)
            // Who may not add people makes nobody hash.
            let stranger = try await Installation.on(dialect).person()
            let refused = try await send(stranger.caller, "/v1/users/bulk", users())
            #expect(refused.status == 403 || refused.items.allSatisfy { $0["status"] == 403 }, "\(refused.text)")
        }

        @Test(arguments: TestDatabases.all) func eachOperationIsDoneByItself(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let kept = try await person.project("Kept")
            let gone = try await person.project("Gone")
            let answer = try await send(
                person.caller, "/v1/projects/bulk",
                [
                    operation("create", nil, ["name": "New"]), operation("create", nil, ["name": "", "colour": "red"]),
                    operation("update", kept.id.description, ["name": "Renamed"]), operation("delete", gone.id.description),
                    operation("delete", ProjectID(at: Timestamp(Date())).description), operation("paint"), operation("update"),
                ])
            #expect(answer.status == 200)
            #expect(answer.json["succeeded"] == 3 && answer.json["failed"] == 4)
            #expect(answer.items.compactMap { $0["status"]?.int } == [201, 422, 200, 204, 404, 422, 422])
            #expect(answer.items.compactMap { $0["index"]?.int } == [0, 1, 2, 3, 4, 5, 6])
            #expect(answer.items[0]["body"]?["name"] == "New" && answer.items[0]["id"] == answer.items[0]["body"]?["id"])
            #expect(answer.items[1]["error"]?["errors"]?.array?.count == 2)
            #expect(answer.items[4]["error"]?["code"] == "project.not_found")
            #expect(answer.items[5]["error"]?["code"] == "bulk.operation_unknown")
            let names = try await person.caller.send(.get, "/v1/projects").items.compactMap { $0["name"]?.string }
            #expect(Set(names) == ["New", "Renamed"])
        }

        @Test(arguments: TestDatabases.all) func atomicMeansAllOrNone(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let project = try await person.project("Before")
            let operations = [
                operation("create", nil, ["name": "New"]), operation("update", project.id.description, ["name": "After"]),
                operation("create", nil, ["name": ""]), operation("delete", ProjectID(at: Timestamp(Date())).description),
            ]
            let refused = try await send(person.caller, "/v1/projects/bulk?mode=atomic", operations)
            #expect(refused.status == 422 && refused.problem == "bulk.undone")
            let pointers = refused.json["errors"]?.array?.compactMap { $0["pointer"]?.string }
            #expect(pointers == ["/operations/2/body/name", "/operations/3"])
            #expect(try await person.caller.send(.get, "/v1/projects").items.compactMap { $0["name"]?.string } == ["Before"])
            let done = try await send(person.caller, "/v1/projects/bulk?mode=atomic", Array(operations.prefix(2)))
            #expect(done.status == 200 && done.json["succeeded"] == 2)
            #expect(try await person.caller.send(.get, "/v1/projects").items.count == 2)
        }

        @Test(arguments: TestDatabases.all) func everyOperationIsAuthorisedByItself(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (owner, other) = (try await installation.person(), try await installation.person())
            let (mine, shared, foreign) = (try await other.project(), try await owner.project(), try await owner.project())
            try await installation.join(shared.id, other, as: .viewer)
            let answer = try await send(
                other.caller, "/v1/projects/bulk",
                [mine, shared, foreign].map { operation("update", $0.id.description, ["name": "Taken"]) })
            #expect(answer.items.compactMap { $0["status"]?.int } == [200, 403, 404])
            let users = try await send(other.caller, "/v1/users/bulk", [operation("delete", owner.user.id.description)])
            #expect(users.status == 403)
            let documents = try await send(
                other.caller, foreign.documents + "/bulk", [operation("delete", DocumentID(at: Timestamp(Date())).description)])
            #expect(documents.status == 404 && documents.problem == "project.not_found")
        }

        @Test(arguments: TestDatabases.all) func documentsThreadsMembersAndUsers(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            let document = try #require(try await project.upload("some words").json["id"]?.string)
            let documents = try await send(
                project.caller, project.documents + "/bulk",
                [operation("delete", document), operation("restore", document), operation("retry", document)])
            #expect(documents.items.compactMap { $0["status"]?.int } == [204, 200, 409], "\(documents.text)")
            let threads = try await send(
                project.caller, project.threads + "/bulk", (0..<3).map { operation("create", nil, ["title": .string("Thread \($0)")]) })
            #expect(threads.json["succeeded"] == 3)
            let ids = threads.items.compactMap { $0["id"]?.string }
            let changed = try await send(
                project.caller, project.threads + "/bulk",
                [operation("update", ids[0], ["title": "Other"]), operation("delete", ids[1]), operation("delete", ids[2])])
            #expect(changed.json["succeeded"] == 3)
            #expect(try await project.caller.send(.get, project.threads).items.compactMap { $0["title"]?.string } == ["Other"])
            let made = try await send(
                installation.admin.caller, "/v1/users/bulk",
                [operation("create", nil, ["email": .string("\(UUID())@example.com"), "name": "New", "password": "seven ships at anchor"])])
            let user = try #require(made.items.first?["id"]?.string, "\(made.text)")
            let members = try await send(
                project.caller, project.path + "/members/bulk", [operation("set", user, ["role": "editor"]), operation("delete", user)])
            #expect(members.items.compactMap { $0["status"]?.int } == [200, 204], "\(members.text)")
        }

        @Test(arguments: TestDatabases.all) func linesInAndOut(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let lines = "{\"op\":\"create\",\"body\":{\"name\":\"One\"}}\n\n{\"op\":\"create\",\"body\":{\"name\":\"Two\"}}\r\n"
            let headers = ["Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"]
            let answer = try await person.caller.send(.post, "/v1/projects/bulk", bytes: Array(lines.utf8), headers)
            #expect(answer.status == 200 && answer.header("Content-Type") == "application/x-ndjson")
            let outcomes = answer.text.split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8) }
            #expect(outcomes.compactMap { $0["status"]?.int } == [201, 201])
            let wrong = try await person.caller.send(.post, "/v1/projects/bulk", bytes: Array("{\"op\":\"create\"}\n{\n".utf8), headers)
            #expect(wrong.problem == "request.malformed_json" && wrong.json["detail"]?.string?.contains("line 2") == true)
            #expect(try await person.caller.send(.post, "/v1/projects/bulk", bytes: [65], ["Content-Type": "text/csv"]).status == 415)
        }

        @Test(arguments: TestDatabases.all) func aBulkRequestIsCarriedOutOnceToo(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let key = ["Idempotency-Key": UUID().uuidString]
            let operations = [
                operation("create", nil, ["name": "A"]), operation("create", nil, ["name": ""]), operation("create", nil, ["name": "B"]),
            ]
            let first = try await send(person.caller, "/v1/projects/bulk", operations, key)
            #expect(first.json["succeeded"] == 2)
            let again = try await send(person.caller, "/v1/projects/bulk", operations, key)
            #expect(again.bytes == first.bytes && again.header("Idempotency-Replayed") == "true")
            #expect(try await person.caller.send(.get, "/v1/projects").items.count == 2)
        }

        @Test(arguments: TestDatabases.all) func manyBecomeAJob(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let operations = (0..<120).map { operation("create", nil, ["title": .string($0 == 7 ? "" : "Thread \($0)")]) }
            let accepted = try await send(project.caller, project.threads + "/bulk", operations, ["Prefer": "respond-async"])
            #expect(accepted.status == 202 && accepted.json["total"] == 120, "\(accepted.text)")
            let path = try #require(accepted.header("Location"))
            let done = try await eventually("the job is done") {
                let status = try await project.caller.send(.get, path).json
                return status["state"] == "done" ? status : Optional.none
            }
            #expect(done["succeeded"] == 119 && done["failed"] == 1 && done["progress"] == 1)
            let first = try await project.caller.send(.get, path + "/results?limit=100")
            #expect(first.items.compactMap { $0["index"]?.int } == (0..<100).map { Int64($0) })
            #expect(first.items[7]["error"]?["code"] == "input.invalid")
            let cursor = try #require(first.json["page"]?["next_cursor"]?.string)
            #expect(try await project.caller.send(.get, path + "/results?limit=100&cursor=\(cursor)").items.count == 20)
            let other = try await installation.person()
            #expect(try await other.caller.send(.get, path).problem == "bulk.not_found")
            #expect(try await project.caller.send(.get, "/v1/bulk-jobs").items.count == 1)
        }

        @Test func tooManyForOneTransactionAreRefused() async throws {
            let person = try await Installation.on(.sqlite).person()
            let lines = String(repeating: "{\"op\":\"create\",\"body\":{\"name\":\"One\"}}\n", count: 1001)
            let headers = ["Content-Type": "application/x-ndjson"]
            let refused = try await person.caller.send(.post, "/v1/projects/bulk?mode=atomic", bytes: Array(lines.utf8), headers)
            #expect(refused.status == 422 && refused.problem == "bulk.too_many")
            #expect(try await send(person.caller, "/v1/projects/bulk", []).status == 422)
        }
    }
}
