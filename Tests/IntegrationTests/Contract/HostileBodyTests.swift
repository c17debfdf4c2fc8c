import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Bodies that were made to cost much: each is refused at once, by a small answer.
    @Suite struct HostileBodyTests {
        private static let json = ["Content-Type": "application/json"]

        private func object(_ members: Int) -> [UInt8] {
            Array(("{" + (0..<members).map { "\"m\($0)\":1" }.joined(separator: ",") + "}").utf8)
        }

        /// Sends the body; the answer, which must be small and come soon.
        private func refused(
            _ caller: Caller, _ path: String, _ body: [UInt8], _ headers: [String: String] = json,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> Answer {
            let started = ContinuousClock.now
            let answer = try await caller.send(.post, path, bytes: body, headers)
            #expect(ContinuousClock.now - started < .seconds(2), sourceLocation: sourceLocation)
            #expect(answer.bytes.count <= 64 * 1024, sourceLocation: sourceLocation)
            #expect(answer.status < 500, "\(answer.text)", sourceLocation: sourceLocation)
            return answer
        }

        @Test(arguments: TestDatabases.all) func unknownMembersOfAStranger(_ dialect: Dialect) async throws {
            let stranger = Caller(base: try Installation.on(dialect).base)
            // The installation reads 64 KB of JSON; by default it is a megabyte, and 80,000 members.
            let many = try await refused(stranger, "/v1/auth/sign-in", object(6000))
            #expect(many.problem == "request.malformed_json" && many.json["detail"]?.string?.contains("more than 1000 members") == true)
            #expect(many.bytes.count < 1000)
            let fewer = try await refused(stranger, "/v1/auth/sign-in", object(999))
            #expect(fewer.problem == "input.invalid" && fewer.json["errors"]?.array?.count == 100)
            #expect(fewer.json["detail"]?.string?.hasPrefix("More than 100 fields are not valid") == true)
        }

        @Test(arguments: TestDatabases.all) func errorsAreCut(_ dialect: Dialect) async throws {
            let stranger = Caller(base: try Installation.on(dialect).base)
            let names = (0..<60).map { "\"\($0)" + String(repeating: "\\u0001\\u0002", count: 20) + "\":1" }
            let answer = try await refused(stranger, "/v1/auth/sign-in", Array(("{" + names.joined(separator: ",") + "}").utf8))
            #expect(answer.problem == "input.invalid")
            let longest = answer.json["errors"]?.array?.compactMap { $0["pointer"]?.string?.utf8.count }.max()
            #expect(longest.map { $0 <= 310 } == true)
            let twice = "{\"\(String(repeating: "n", count: 200))\":1,\"\(String(repeating: "n", count: 200))\":1}"
            #expect(try await refused(stranger, "/v1/auth/sign-in", Array(twice.utf8)).bytes.count < 1000)
            let path = "/v1/" + String(repeating: "p", count: 7000)
            #expect(try await refused(stranger, path, []).bytes.count < 4000)
        }

        @Test(arguments: TestDatabases.all) func parametersOfAQuery(_ dialect: Dialect) async throws {
            let caller = try await Installation.on(dialect).person().caller
            for query in [
                "fields=" + (0..<3000).map { "x\($0)" }.joined(separator: ","), (0..<190).map { "x\($0)=1" }.joined(separator: "&"),
                "sort=" + (0..<3000).map { "x\($0)" }.joined(separator: ","),
            ] {
                let answer = try await caller.send(.get, "/v1/projects?" + query)
                #expect(answer.problem == "input.invalid" && answer.bytes.count <= 64 * 1024)
                #expect(answer.json["errors"]?.array?.count == 100)
                #expect(answer.json["detail"]?.string?.hasPrefix("More than 100 parameters") == true)
            }
        }

        @Test(arguments: TestDatabases.all) func deepNestingInAnImport(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let deep = Array((String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)).utf8)
            let answer = try await refused(project.caller, project.threads + "/import", deep)
            #expect(answer.problem == "import.unknown_format" && answer.json["detail"]?.string?.contains("nested deeper") == true)
        }

        @Test(arguments: TestDatabases.all) func deepNestingInBulk(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let deep = "{\"a\":" + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}"
            let operations = (0..<200).map { _ in "{\"op\":\"create\",\"body\":\(deep)}" }
            let headers = Self.json.merging(["Prefer": "respond-async"]) { $1 }
            let body = Array("{\"operations\":[\(operations.joined(separator: ","))]}".utf8)
            let answer = try await refused(project.caller, project.threads + "/bulk", body, headers)
            #expect(answer.problem == "request.malformed_json" && answer.json["detail"]?.string?.contains("nested deeper") == true)
            let lines = headers.merging(["Content-Type": "application/x-ndjson"]) { $1 }
            let second = try await refused(
                project.caller, project.threads + "/bulk", Array(operations.joined(separator: "\n").utf8), lines)
            #expect(second.problem == "request.malformed_json")
        }

        @Test(arguments: TestDatabases.all) func mistakesOfManyOperations(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let wrong = (0..<400).map { _ in "{\"op\":\"create\",\"body\":{\"name\":\"\",\"x\":1}}" }.joined(separator: "\n")
            let lines = ["Content-Type": "application/x-ndjson"]
            let answer = try await person.caller.send(.post, "/v1/projects/bulk?mode=atomic", bytes: Array(wrong.utf8), lines)
            #expect(answer.problem == "bulk.undone" && answer.json["errors"]?.array?.count == 100 && answer.bytes.count <= 64 * 1024)
            #expect(answer.json["detail"]?.string?.contains("400 of 400") == true)
            let noOperations = (0..<5000).map { _ in "{\"x\":1}" }.joined(separator: "\n")
            let unread = try await refused(person.caller, "/v1/projects/bulk", Array(noOperations.utf8), lines)
            #expect(unread.problem == "input.invalid" && unread.json["errors"]?.array?.count == 100)
        }

        /// A million digits, and a number whose whole part fits no integer: it once ended the process where it was written out again.
        @Test(arguments: TestDatabases.all) func numbers(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let long = Array(("{\"email\":" + String(repeating: "1", count: 60_000) + "}").utf8)
            #expect(try await refused(person.caller, "/v1/auth/sign-in", long).problem == "request.malformed_json")
            for number in ["-9223372036854775808.0", "-9.223372036854775808e18", "1.7976931348623157e308", "-0.0", "9223372036854775808"] {
                let body = "{\"operations\":[{\"op\":\"create\",\"body\":{\"name\":\"x\",\"n\":\(number)}}]}"
                let answer = try await refused(person.caller, "/v1/projects/bulk", Array(body.utf8))
                #expect(answer.items.first?["error"]?["code"] == "input.invalid", "\(answer.text)")
            }
        }

        /// Thousands of operations wait in the database as few rows, which are ready before the transaction, so that nobody waits for them.
        @Test(arguments: TestDatabases.all) func manyOperationsHoldUpNobody(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let other = try await installation.person()
            let lines = String(repeating: "{\"op\":\"paint\"}\n", count: 17_000)
            let headers = ["Content-Type": "application/x-ndjson"]
            async let accepted = project.caller.send(.post, project.threads + "/bulk", bytes: Array(lines.utf8), headers)
            var slowest = Duration.zero
            for _ in 0..<40 {
                let started = ContinuousClock.now
                _ = try await other.project()
                slowest = max(slowest, ContinuousClock.now - started)
                try await Task.sleep(for: .milliseconds(20))
            }
            let answer = try await accepted
            #expect(answer.status == 202 && answer.json["total"] == 17_000, "\(answer.text)")
            #expect(slowest < .seconds(1))
            let path = try #require(answer.header("Location"))
            #expect(try await project.caller.send(.post, path + "/cancel").status == 202)
            let left = try await installation.parley.database.read { connection in
                try connection.row("SELECT count(*) AS n FROM bulk_parts")?["n"] ?? 0
            }
            #expect(left == 0, "what is never done is erased")
        }
    }
}
