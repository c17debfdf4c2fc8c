import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Lists read page by page hold everything once.
    @Suite struct PagingTests {
        private func pages(_ caller: Caller, _ path: String, id: String = "id", limit: Int = 3) async throws -> [[String]] {
            var pages: [[String]] = []
            var cursor: String?
            repeat {
                let answer = try await caller.send(.get, path + "?limit=\(limit)" + (cursor.map { "&cursor=" + $0 } ?? ""))
                try #require(answer.status == 200, "\(answer.text)")
                pages.append(answer.items.compactMap { $0[id]?.string })
                cursor = answer.json["page"]?["next_cursor"]?.string
                #expect(answer.json["page"]?["has_more"]?.bool == (cursor != nil))
            } while cursor != nil && pages.count < 100
            return pages
        }

        private func expectEverythingOnce(_ pages: [[String]], _ all: Set<String>) {
            #expect(pages.flatMap { $0 }.count == all.count && Set(pages.joined()) == all)
            #expect(pages.dropLast().allSatisfy { $0.count == 3 } && (pages.last?.isEmpty == false || all.isEmpty))
        }

        @Test(arguments: TestDatabases.all, [0, 3, 7])
        func projectsThreadsAndDocuments(_ dialect: Dialect, _ count: Int) async throws {
            let person = try await Installation.on(dialect).person()
            var projects: Set<String> = []
            for number in 0..<count { projects.insert(try await person.project("Project \(number)").id.description) }
            expectEverythingOnce(try await pages(person.caller, "/v1/projects"), projects)

            let owner = try await Installation.on(dialect).person()
            let project = try await owner.project()
            var (threads, documents): (Set<String>, Set<String>) = ([], [])
            for number in 0..<count {
                threads.insert(try #require(try await project.thread().split(separator: "/").last.map(String.init)))
                documents.insert(try #require(try await project.upload("Text \(number).").json["id"]?.string))
            }
            let listed = try await pages(owner.caller, project.threads)
            expectEverythingOnce(listed, threads)
            #expect(listed.flatMap { $0 } == listed.flatMap { $0 }.sorted(), "oldest first")
            expectEverythingOnce(try await pages(owner.caller, project.documents), documents)
        }

        @Test(arguments: TestDatabases.all)
        func membersAndMessages(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let owner = try await installation.person()
            let project = try await owner.project()
            var members: Set = [owner.user.id.description]
            for _ in 0..<6 {
                let person = try await installation.person()
                try await installation.join(project.id, person, as: .viewer)
                members.insert(person.user.id.description)
            }
            expectEverythingOnce(try await pages(owner.caller, project.path + "/members", id: "user_id"), members)

            let thread = try await project.thread()
            for number in 0..<4 { _ = try await project.ask("Question \(number)?", in: thread) }
            let messages = try await pages(owner.caller, thread + "/messages").flatMap { $0 }
            #expect(messages.count == 8 && Set(messages).count == 8)
            let whole = try await owner.caller.send(.get, thread + "/messages?limit=100")
            #expect(whole.ids == messages)
            #expect(whole.items.compactMap { $0["role"]?.string } == (0..<8).map { $0 % 2 == 0 ? "user" : "assistant" })
        }

        @Test func aCursorThatNobodyGaveOutIsRefused() async throws {
            let person = try await Installation.on(.sqlite).person()
            let nonsense = try await person.caller.send(.get, "/v1/projects?cursor=nonsense")
            #expect(nonsense.status == 400 && nonsense.problem == "request.cursor")
            for query in ["cursor=", "limit=0", "limit=101", "limit=many", "colour=red"] {
                let answer = try await person.caller.send(.get, "/v1/projects?" + query)
                #expect(answer.status == 422 && answer.problem == "input.invalid", "\(query): \(answer.status)")
            }
        }
    }
}
