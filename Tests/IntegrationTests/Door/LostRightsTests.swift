import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Work goes on only as long as whoever asked for it may do it.
    @Suite struct LostRightsTests {
        private enum Loss: CaseIterable { case membership, account, key }

        private func state(of answer: String, _ parley: Parley) async throws -> (state: String, failure: String?) {
            let id = String(answer.split(separator: "/").last ?? "")
            let row = try await parley.database.read {
                try $0.row("SELECT state, outcome FROM messages WHERE id = \(id)").map {
                    (state: try $0["state"] as String, outcome: try $0["outcome"] as JSONValue)
                }
            }
            let found = try #require(row)
            return (found.state, found.outcome["failure"]?["code"]?.string)
        }

        @Test(arguments: TestDatabases.all, Loss.allCases)
        private func anAnswerStops(_ dialect: Dialect, _ loss: Loss) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            try await project.add()
            let guest = try await installation.person()
            try await installation.join(project.id, guest, as: .viewer)
            let key = try await guest.key()
            let caller = loss == .key ? key.program : guest.caller
            let theirs = ProjectFolder(caller: caller, id: project.id)
            let answer = try await theirs.ask("When is the office open? [slowly]", in: try await theirs.thread())
            try await eventually("the model writes") {
                try await caller.send(.get, answer).json["state"] == "generating" ? () : Optional.none
            }
            let lost =
                switch loss {
                case .membership: try await project.caller.send(.delete, project.path + "/members/\(guest.user.id)")
                case .account: try await installation.admin.caller.send(.patch, "/v1/users/\(guest.user.id)", json: ["disabled": true])
                case .key: try await guest.caller.send(.delete, "/v1/me/keys/" + key.id)
                }
            try #require((200..<300).contains(lost.status), "\(lost.text)")
            let begun = ContinuousClock.now
            let end = try await eventually("the answer has ended") {
                let found = try await state(of: answer, installation.parley)
                return found.state == "generating" ? Optional.none : found
            }
            #expect(end.state == "failed")
            #expect(end.failure == (loss == .membership ? "project.not_found" : "auth.forbidden"))
            // Left alone the model would have written for ten seconds.
            #expect(ContinuousClock.now - begun < .seconds(8))
        }

        @Test(arguments: TestDatabases.all)
        func aDemotedAdministratorsJobsDoNoMoreThanTheyMay(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let foreign = try await installation.person().project()
            let former = try await installation.person(.admin)
            // Far more than are done before the next request arrives.
            let operations: JSONValue = .array((0..<400).map { ["op": "create", "body": ["title": .string("Plan \($0)")]] })
            let accepted = try await former.caller.send(
                .post, foreign.threads + "/bulk", json: ["operations": operations], ["Prefer": "respond-async"])
            let job = try #require(accepted.header("Location"), "\(accepted.text)")
            let demoted = try await installation.admin.caller.send(.patch, "/v1/users/\(former.user.id)", json: ["role": "user"])
            #expect(demoted.status == 200, "\(demoted.text)")
            let over = try await eventually("the job is over") {
                let status = try await former.caller.send(.get, job).json
                return ["queued", "running"].contains(status["state"]?.string) ? Optional.none : status
            }
            #expect(over["failed"]?.int ?? 0 > 0 && (over["succeeded"]?.int ?? 0) < 400, "\(over.text)")
        }
    }
}
