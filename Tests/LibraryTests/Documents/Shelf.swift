import Accounts
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting

@testable import Library

/// A project with documents in it, in a database of its own.
struct Shelf: Sendable {
    static let migrations = JobsSchema.migrations + AccountsSchema.migrations + LibrarySchema.migrations
    static let moment = Timestamp(milliseconds: 1_790_000_000_000)

    let database: Database
    let owner = UserID(at: moment)
    let project = ProjectID(at: moment)

    static func with(_ dialect: Dialect, _ body: (Shelf) async throws -> Void) async throws {
        try await TestDatabases.with(dialect, migrations) { database in
            let shelf = Shelf(database: database)
            try await shelf.database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
                    VALUES (\(shelf.owner), \("ada@example.com"), \("Ada"), \("user"), \("none"), \(moment), \(moment))
                    """)
                try shelf.addProject(shelf.project, in: connection)
            }
            try await body(shelf)
        }
    }

    func addProject(_ id: ProjectID, in connection: Connection) throws {
        try connection.execute(
            "INSERT INTO projects (id, name, created_by, created_at, updated_at) VALUES (\(id), \("P"), \(owner), \(Self.moment), \(Self.moment))"
        )
    }

    /// A document that waits to be read.
    func document(_ number: Int, tags: [String] = []) -> Document {
        let now = Self.moment + .milliseconds(number)
        let hash = String(String(repeating: "0", count: 64) + String(number)).suffix(64)
        return Document(
            id: DocumentID(at: now), project: project, name: "document \(number)", tags: tags.sorted(),
            latest: Revision(
                id: RevisionID(at: now), contentHash: String(hash), size: number, mediaType: "text/plain", state: .queued, progress: 0),
            currentRevision: nil, createdAt: now, updatedAt: now, deletedAt: nil)
    }

    func add(_ documents: [Document]) async throws {
        try await database.write { [owner] connection in
            for document in documents { try DocumentStore().insert(document, creator: owner, in: connection) }
        }
    }

    /// Chunks that together are the text `0 1 2 …`, two characters each.
    func chunks(_ count: Int, of document: Document) -> [StoredChunk] {
        (0..<count).map { number in
            StoredChunk(
                id: ChunkID(at: Self.moment), project: project, document: document.id, revision: document.latest.id, ordinal: number,
                from: number * 2, to: number * 2 + 2, firstPage: number == 0 ? nil : number, lastPage: number == 0 ? nil : number + 1,
                headingPath: number == 0 ? [] : ["Über “uns”", "§ \(number)"], tokens: number + 1, text: "\(number) ",
                searchText: "T\n\(number)")
        }
    }
}
