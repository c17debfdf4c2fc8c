import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    @Suite struct SearchTests {
        private func library(_ dialect: Dialect) async throws -> (project: ProjectFolder, ids: [String: String]) {
            let project = try await Installation.on(dialect).person().project()
            var ids: [String: String] = [:]
            for (name, tag, text) in [
                (
                    "ships.md", "sea",
                    "# Ships\n\nA schooner is a sailing vessel with at least two masts. Error ERR_MAST-42 means a broken mast."
                ),
                ("cats.txt", "pets", "Cats sleep for most of the day and hunt mice at night."),
                (
                    "bread.html", "kitchen",
                    "<html><body><h1>Bread</h1><p>Knead the dough for ten minutes, then let it rise.</p></body></html>"
                ),
            ] {
                ids[name] = try await project.add(text, name: name, tags: [tag])["id"]?.string
            }
            return (project, ids)
        }

        private func names(_ hits: [JSONValue]) -> [String] { hits.compactMap { $0["document_name"]?.string } }

        @Test(arguments: TestDatabases.all)
        func wordsMeaningPhrasesAndFilters(_ dialect: Dialect) async throws {
            let (project, ids) = try await library(dialect)
            #expect(names(try await project.search("mice", mode: "lexical")) == ["cats.txt"])
            #expect(names(try await project.search("boats driven by the wind", mode: "lexical")).contains("ships.md") == false)
            #expect(names(try await project.search("boats driven by the wind", mode: "vector")).first == "ships.md")
            #expect(names(try await project.search("How do I bake a loaf?")).first == "bread.html")
            #expect(names(try await project.search("\"ERR_MAST-42\"")) == ["ships.md"])
            #expect(names(try await project.search("\"two masts\"", mode: "lexical")) == ["ships.md"])
            #expect(try await project.search("\"masts two\"", mode: "lexical").isEmpty)
            #expect(
                names(try await project.search("the", mode: "vector", filters: ["tags": ["pets", "kitchen"]])).contains("ships.md") == false
            )
            let one: JSONValue = ["documents": [.string(try #require(ids["cats.txt"]))]]
            #expect(names(try await project.search("dough masts mice", filters: one)) == ["cats.txt"])
            #expect(names(try await project.search("dough masts mice", filters: ["types": ["text/html"]])) == ["bread.html"])
            #expect(try await project.search("mice", filters: ["to": "2020-01-01T00:00:00Z"]).isEmpty)
            #expect(try await project.search("mice dough", limit: 1).count == 1)
        }

        @Test(arguments: TestDatabases.all)
        func aHitStandsInItsDocumentExactlyWhereItSays(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            try await project.add()
            let hits = try await project.search("paid holiday")
            #expect(hits.compactMap { $0["index"]?.int } == hits.indices.map { Int64($0 + 1) } && !hits.isEmpty)
            for hit in hits {
                let (id, from, to) = (hit["document_id"]?.string ?? "", hit["from"]?.int ?? 0, hit["to"]?.int ?? 0)
                let text = try await project.caller.send(.get, project.documents + "/\(id)/text?from=\(from)&to=\(to)").json["text"]
                #expect(text == hit["text"])
                #expect(hit["lexical"]?["score"] != nil && hit["vector"]?["score"] != nil)
            }
        }

        @Test func aSearchIsCheckedBeforeItRuns() async throws {
            let project = try await Installation.on(.sqlite).person().project()
            for body: JSONValue in [
                [:], ["query": ""], ["query": "a", "mode": "magic"], ["query": "a", "limit": 0], ["query": "a", "k": 1],
            ] {
                let answer = try await project.caller.send(.post, project.path + "/search", json: body)
                #expect(answer.status == 422 && answer.problem == "input.invalid", "\(body.text)")
            }
            #expect(try await project.search("anything at all").isEmpty, "an empty project has no hits")
        }
    }
}
