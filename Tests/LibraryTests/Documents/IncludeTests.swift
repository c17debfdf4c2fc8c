import Accounts
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Library

/// What comes with a list costs as many statements for a hundred items as for one.
@Suite struct IncludeTests {
    @Test(arguments: TestDatabases.all)
    func aPageWithRelatedResourcesTakesTheSameStatementsHoweverLong(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            try await shelf.add((1...100).map { shelf.document($0, tags: ["t"]) })
            func read(_ limit: Int, _ include: Set<String>) async throws -> (documents: [Document], statements: Int) {
                let before = shelf.database.statements
                let query = ListQuery(limit: limit, include: include)
                let slice = try await shelf.database.read { try DocumentStore().documents(query, deleted: false, in: shelf.project, $0) }
                return (slice.items, shelf.database.statements - before)
            }
            let (one, hundred) = (try await read(1, ["creator"]), try await read(100, ["creator"]))
            #expect(hundred.documents.count == 100 && hundred.documents.allSatisfy { $0.creator?.name == "Ada" && $0.tags == ["t"] })
            #expect(one.statements == 3 && hundred.statements == 3, "the page, its tags, its creators")
            let plain = try await read(100, [])
            #expect(plain.statements == 2 && plain.documents.allSatisfy { $0.creator == nil })
        }
    }
}
