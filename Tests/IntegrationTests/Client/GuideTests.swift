import Foundation
import ParleyClient
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// The snippets of docs/api/swift.md, run as they stand there.
    @Suite struct GuideTests {
        @Test func theSnippetsWork() async throws {
            let admin = try Installation.on(.sqlite).admin
            let temporary = try TemporaryFolder()
            let (server, folder) = (admin.caller.base, URL(filePath: temporary.path))
            let (email, password) = ("guide-\(UUID().uuidString.lowercased())@example.com", "a long and quiet river")
            let account = ["email": email, "name": "Guide", "password": password, "role": "user"]
            try await ParleyAPI(server: server, token: admin.caller.token ?? "").call(.post, "/v1/users", body: account)
            // Snippets begin
            let parley = try await ParleyAPI.signIn(to: server, email: email, password: password)
            let project: ParleyAPI.Project = try await parley.post("/v1/projects", ["name": "Handbook"])
            let file = folder.appending(path: "hours.txt")
            try "The office is open from nine to five on weekdays.\n".write(to: file, atomically: true, encoding: .utf8)
            let uploaded = try await parley.upload(file, to: project.id, tags: ["rules"])
            let document = try await parley.reading(of: uploaded.id, in: project.id)
            print(document.name, document.state)
            struct Found: Decodable { let hits: [ParleyAPI.Passage] }
            let found: Found = try await parley.post("/v1/projects/\(project.id)/search", ["query": "When is the office open?"])
            for hit in found.hits { print(hit.documentName, hit.text) }
            let answer = try await parley.ask("When is the office open?", in: project.id)
            for try await event in answer {
                switch event.content {
                case .text(let text): print(text, terminator: "")
                case .done(let whole): print("\n\(whole.citations.count) citations")
                default: break
                }
            }
            for try await one in parley.items("/v1/projects/\(project.id)/documents", query: ["sort": "name"], as: ParleyAPI.Document.self)
            {
                print(one.name, one.createdAt)
            }
            let read = try await parley.call(.get, "/v1/projects/\(project.id)")
            try await parley.call(
                .patch, "/v1/projects/\(project.id)", headers: ["If-Match": read.header("ETag") ?? ""], body: ["name": "House handbook"])
            do {
                let _: ParleyAPI.Project = try await parley.post("/v1/projects", ["name": "", "colour": "red"])
            } catch let problem as ParleyAPI.Problem {
                print(problem.code, problem.fields.map(\.pointer))
            }
            // Snippets end
            #expect(document.state == "ready" && found.hits.first?.documentId == document.id)
            #expect(try await parley.get("/v1/projects/\(project.id)", as: ParleyAPI.Project.self).name == "House handbook")
            withExtendedLifetime(temporary) {}
        }

        /// The page and the test above cannot drift apart.
        @Test func theSnippetsAreThoseOfThePage() throws {
            let page = try InstalledFiles.text("docs/api/swift.md")
            let shown = page.matches(of: /```swift\n((?:.|\n)*?)```/).map { String($0.output.1) }.joined()
            let source = try InstalledFiles.text("Tests/IntegrationTests/Client/GuideTests.swift")
            let run = try #require(source.firstMatch(of: /\/\/ Snippets begin\n((?:.|\n)*?)\/\/ Snippets end/))
            // But for how the lines are broken.
            #expect(shown.filter { !$0.isWhitespace } == run.output.1.filter { !$0.isWhitespace })
            #expect(shown.count > 1000)
        }
    }
}
