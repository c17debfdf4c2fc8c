import Accounts
import Foundation
import ParleyClient
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// The Swift client against the real server.
    @Suite struct ClientTests {
        private struct Me: Decodable { let email: String }

        private func installation() throws -> Installation { try Installation.on(.sqlite) }

        private func client(_ person: Person) -> ParleyAPI { ParleyAPI(server: person.caller.base, token: person.caller.token ?? "") }

        @Test func aPasswordOpensASession() async throws {
            let admin = try installation().admin
            let email = "client-\(UUID().uuidString.lowercased())@example.com"
            let body = ["email": email, "name": "Client", "password": "a long and quiet river", "role": "user"]
            _ = try await client(admin).post("/v1/users", body, as: JSONValue.self)
            let api = try await ParleyAPI.signIn(to: admin.caller.base, email: email, password: "a long and quiet river")
            #expect(try await api.get("/v1/me", as: Me.self).email == email)
            try await api.signOut()
            let failure = await #expect(throws: ParleyAPI.Problem.self) { try await api.get("/v1/me", as: Me.self) }
            #expect(failure?.status == 401)
            let refusal = await #expect(throws: ParleyAPI.Problem.self) {
                try await ParleyAPI.signIn(to: admin.caller.base, email: email, password: "another one")
            }
            #expect(refusal?.code == "auth.wrong_credentials")
        }

        /// A second use of the refresh token would end the session.
        @Test func oneOfManyCallsRenewsTheSession() async throws {
            let installation = try installation()
            let session = try await installation.parley.signIn.open(.test(installation.admin.user.id))
            let api = ParleyAPI(server: installation.base, token: "expired", refreshToken: session.refreshToken)
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await api.get("/v1/me", as: Me.self).email } }
                for try await email in group { #expect(email == installation.admin.user.email) }
            }
        }

        @Test func refusalsSayEverything() async throws {
            let api = client(try await installation().person())
            let missing = await #expect(throws: ParleyAPI.Problem.self) {
                try await api.get("/v1/projects/\(ProjectID(at: Timestamp(Date())))", as: JSONValue.self)
            }
            #expect(missing?.code == "project.not_found" && missing?.status == 404 && missing?.requestID?.isEmpty == false)
            let invalid = await #expect(throws: ParleyAPI.Problem.self) {
                try await api.post("/v1/projects", ["name": JSONValue.int(1), "description": .bool(true)], as: JSONValue.self)
            }
            #expect(invalid?.code == "input.invalid")
            #expect(Set(invalid?.fields.map(\.pointer) ?? []) == ["/name", "/description"])
        }

        @Test func listsComeWhole() async throws {
            let api = client(try await installation().person())
            let names = ["a & b", "c=d", "é?"]
            for name in names { _ = try await api.post("/v1/projects", ["name": name], as: ParleyAPI.Project.self) }
            let all = try await api.items("/v1/projects", query: ["limit": "1", "sort": "name"], as: ParleyAPI.Project.self).all()
            #expect(all.map(\.name) == names)
            let filter = "name=\"a & b\",c=d"
            let found = try await api.items("/v1/projects", query: ["filter": filter], as: ParleyAPI.Project.self).all()
            #expect(Set(found.map(\.name)) == ["a & b", "c=d"])
        }

        @Test func aChangeWithItsKeyIsCarriedOutOnce() async throws {
            let api = client(try await installation().person())
            for _ in 0..<2 { try await api.call(.post, "/v1/projects", body: ["name": "Once"], idempotencyKey: "the-same-key") }
            #expect(try await api.items("/v1/projects", as: ParleyAPI.Project.self).all().count == 1)
            let made = try await api.items("/v1/projects", as: ParleyAPI.Project.self).all()[0]
            try await api.delete("/v1/projects/\(made.id)")
            #expect(try await api.items("/v1/projects", as: ParleyAPI.Project.self).all().isEmpty)
        }

        @Test func aFileGoesInAndAnAnswerComesOut() async throws {
            let person = try await installation().person()
            let (api, folder) = (client(person), try TemporaryFolder())
            let project = try await api.post("/v1/projects", ["name": "Handbook"], as: ParleyAPI.Project.self)
            let file = URL(filePath: folder.path + "/the handbook.md")
            // More than is sent at a time.
            try (ProjectFolder.handbook + String(repeating: "\n", count: 150_000)).write(to: file, atomically: true, encoding: .utf8)
            let sent = try await api.upload(file, to: project.id, tags: ["rules", "a&b"])
            #expect(sent.name == "the handbook.md" && Set(sent.tags) == ["rules", "a&b"])
            let document = try await api.reading(of: sent.id, in: project.id)
            #expect(document.state == "ready" && document.error == nil)

            let answer = try await api.ask("When is the office open?", in: project.id)
            var (text, citations) = ("", 0)
            for try await event in answer {
                switch event.content {
                case .passages(let passages, _): #expect(passages.first?.documentName == "the handbook.md")
                case .text(let piece): text += piece
                case .citation: citations += 1
                case .done(let whole):
                    #expect(whole.id == answer.message && whole.content == text && whole.citations.count == citations)
                    #expect(whole.citations.first?.documentId == document.id)
                default: break
                }
            }
            #expect(!text.isEmpty && citations > 0)
            let again = try await api.ask("And on Saturdays?", in: project.id, thread: answer.thread)
            #expect(again.thread == answer.thread)
            #expect(try await again.whole().state == "complete")

            let large = URL(filePath: folder.path + "/large.md")
            try String(repeating: "x", count: 300 << 10).write(to: large, atomically: true, encoding: .utf8)
            let refusal = await #expect(throws: ParleyAPI.Problem.self) { try await api.upload(large, to: project.id) }
            #expect(refusal?.status == 413)
            let missing = await #expect(throws: ParleyAPI.Problem.self) {
                try await api.upload(URL(filePath: folder.path + "/none"), to: project.id)
            }
            #expect(missing?.code == "client.file_unreadable")
        }
    }
}
