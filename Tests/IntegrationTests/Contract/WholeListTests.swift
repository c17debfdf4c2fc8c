import Accounts
import Foundation
import Library
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// A list that is longer than what is read at a time, on the real rows.
    @Suite struct WholeListTests {
        private static let count = 1010

        @Test(arguments: TestDatabases.all)
        func aLongListIsStreamedWhole(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project("Long")
            let creator = installation.admin.user.id
            try await installation.parley.database.write { connection in
                for number in 0..<Self.count {
                    let moment = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
                    let (document, revision) = (DocumentID(at: moment), RevisionID(at: moment))
                    let hash = String(repeating: "0", count: 58) + String(format: "%06d", number)
                    try connection.execute(
                        """
                        INSERT INTO documents (id, project_id, name, content_hash, latest_revision_id, created_by, created_at, updated_at)
                        VALUES (\(document), \(project.id), \("=\(number)"), \(hash), \(revision), \(creator), \(moment), \(moment))
                        """)
                    try connection.execute(
                        """
                        INSERT INTO revisions (id, document_id, project_id, content_hash, size, media_type, state, created_at)
                        VALUES (\(revision), \(document), \(project.id), \(hash), \(number), \("text/plain"), \("ready"), \(moment))
                        """)
                }
            }
            let path = project.documents + "?all=true&sort=-created_at&fields=name,size"
            let lines = try await project.caller.send(.get, path, ["Accept": "application/x-ndjson"])
            let sizes = lines.text.split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8)["size"]?.int }
            #expect(sizes == (0..<Int64(Self.count)).reversed())
            let table = try await project.caller.send(.get, path, ["Accept": "text/csv"])
            #expect(table.text.hasPrefix("name,size\r\n'=1009,1009\r\n") && table.text.hasSuffix("'=0,0\r\n"))
            #expect(table.text.utf8.count { $0 == 0x0A } == Self.count + 1)
            let json = try await project.caller.send(.get, path + "&filter=size%3C1005")
            #expect(json.items.count == 1005 && json.json["page"]?["total"]?["count"] == 1005)
        }
    }
}
