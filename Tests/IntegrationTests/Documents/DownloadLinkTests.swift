import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

extension WithInstallations {
    /// Links that need no token.
    @Suite struct DownloadLinkTests {
        @Test(arguments: TestDatabases.all)
        func aLinkGivesTheFileToAnybodyUntilTheDocumentGoes(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.person().project()
            let id = try #require(try await project.upload("0123456789", name: "digits.txt").json["id"]?.string)
            let answer = try await project.caller.send(.get, project.documents + "/\(id)/link")
            #expect(answer.header("Cache-Control") == "no-store", "who has the link has the file")
            let link = try #require(answer.json["url"]?.string)
            #expect(
                try await project.caller.send(.get, project.documents + "/\(id)/link").json["url"]?.string == link, "one copy in a cache")

            let nobody = Caller(base: installation.base)
            let file = try await nobody.send(.get, link)
            #expect(file.status == 200 && file.text == "0123456789")
            let cache = try #require(file.header("Cache-Control")?.wholeMatch(of: /public, max-age=(\d+), immutable/))
            #expect((3600...7200).contains(Int(cache.output.1) ?? 0))
            let part = try await nobody.send(.get, link, ["Range": "bytes=2-4"])
            #expect(part.status == 206 && part.text == "234")
            #expect(try await nobody.send(.get, link, ["If-None-Match": file.header("ETag") ?? ""]).status == 304)

            let later = link.replacing(/expires=(\d+)/) { "expires=\((Int($0.output.1) ?? 0) + 3600)" }
            let longer = link.replacing(/signature=./, with: "signature=g")
            for wrong in [later, longer, link + "00", link.replacing(/expires=\d+/, with: "expires=1")] {
                let refused = try await nobody.send(.get, wrong)
                #expect(refused.status == 403 && refused.problem == "document.link_invalid", "\(wrong)")
            }
            _ = try await project.caller.send(.delete, project.documents + "/" + id)
            #expect(try await nobody.send(.get, link).problem == "document.not_found")
        }
    }
}
