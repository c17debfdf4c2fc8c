import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Who sees which bulk jobs.
    @Suite struct BulkJobTests {
        /// Begins a job; its path.
        private func begin(_ caller: Caller, _ path: String, _ operations: JSONValue) async throws -> String {
            let accepted = try await caller.send(
                .post, path + "/bulk", json: ["operations": operations], ["Prefer": "respond-async"])
            try #require(accepted.status == 202, "\(accepted.text)")
            return try #require(accepted.header("Location"))
        }

        @Test(arguments: TestDatabases.all)
        func aKeyForOneProjectSeesItsJobsAlone(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let (one, other) = (try await person.project("One"), try await person.project("Other"))
            let threads: JSONValue = [["op": "create", "body": ["title": "Plans"]]]
            let mine = try await begin(person.caller, one.threads, threads)
            let foreign = try await begin(person.caller, other.threads, threads)
            let loose = try await begin(person.caller, "/v1/projects", [["op": "create", "body": ["name": "Third"]]])
            let program = try await person.key(["name": "One", "project_id": .string(one.id.description)]).program
            let wide = try await person.key().program

            #expect(try await program.send(.get, mine).status == 200)
            #expect(try await program.send(.get, mine + "/results").status == 200)
            for job in [foreign, loose] {
                for answer in [
                    try await program.send(.get, job), try await program.send(.get, job + "/results"),
                    try await program.send(.get, job + "/results?all=true"), try await program.send(.post, job + "/cancel"),
                ] {
                    #expect(answer.status == 404 && answer.problem == "bulk.not_found", "\(answer.text)")
                }
                #expect(try await wide.send(.get, job).status == 200)
            }
            let listed = try await program.send(.get, "/v1/bulk-jobs?total=true")
            #expect(listed.ids.map { "/v1/bulk-jobs/" + $0 } == [mine] && listed.json["page"]?["total"]?["count"] == 1)
            #expect(Set(try await person.caller.send(.get, "/v1/bulk-jobs").ids).count == 3)
            #expect(try await program.send(.post, mine + "/cancel").status == 202)
        }

        @Test(arguments: TestDatabases.all)
        func theJobsOfAKeyStayWithinItsProject(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let (one, other) = (try await person.project("One"), try await person.project("Other"))
            let program = try await person.key(["name": "One", "project_id": .string(one.id.description)]).program
            let renames: JSONValue = .array(
                [one, other].map { ["op": "update", "id": .string($0.id.description), "body": ["name": "Renamed"]] })
            let job = try await begin(program, "/v1/projects", renames)
            let done = try await eventually("the job is done") {
                let status = try await program.send(.get, job).json
                return status["state"] == "done" ? status : Optional.none
            }
            #expect(done["succeeded"] == 1 && done["failed"] == 1, "\(done.text)")
            #expect(try await person.caller.send(.get, one.path).json["name"] == "Renamed")
            #expect(try await person.caller.send(.get, other.path).json["name"] == "Other")
            #expect(try await program.send(.get, "/v1/bulk-jobs").ids.map { "/v1/bulk-jobs/" + $0 } == [job])
        }
    }
}
