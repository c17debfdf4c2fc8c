import Accounts
import Library
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyJobs
import ParleyTesting

@testable import Retrieval

/// A project with chunks in it, in a database of its own.
struct Shelf: Sendable {
    static let migrations =
        JobsSchema.migrations + AccountsSchema.migrations + LibrarySchema.migrations + RetrievalSchema.migrations
    static let moment = Timestamp(milliseconds: 1_790_000_000_000)

    let database: Database
    let project = ProjectID(at: moment)

    static func with(_ dialect: Dialect, _ body: (Shelf) async throws -> Void) async throws {
        try await TestDatabases.with(dialect, migrations) { database in
            let shelf = Shelf(database: database)
            try await shelf.database.write { connection in
                try connection.execute(
                    "INSERT INTO projects (id, name, created_at, updated_at) VALUES (\(shelf.project), \("P"), \(moment), \(moment))")
            }
            try await body(shelf)
        }
    }

    /// A document that can be found, with a chunk for each text.
    func add(_ texts: [String], type: String = "text/plain", tags: [String] = [], isCurrent: Bool = true) async throws -> Added {
        let added = Added(
            document: DocumentID(at: Self.moment), revision: RevisionID(at: Self.moment),
            chunks: texts.map { _ in ChunkID(at: Self.moment) })
        let hash = String((added.document.description + String(repeating: "0", count: 64)).prefix(64))
        let (project, now, current) = (project, Self.moment, isCurrent ? added.revision : nil)
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO documents (id, project_id, name, content_hash, latest_revision_id, current_revision_id, created_at, updated_at)
                VALUES (\(added.document), \(project), \("D"), \(hash), \(added.revision), \(current), \(now), \(now))
                """)
            try connection.execute(
                """
                INSERT INTO revisions (id, document_id, project_id, content_hash, size, media_type, state, created_at)
                VALUES (\(added.revision), \(added.document), \(project), \(hash), \(1), \(type), \("ready"), \(now))
                """)
            for tag in tags { try connection.execute("INSERT INTO document_tags (document_id, tag) VALUES (\(added.document), \(tag))") }
            for (ordinal, text) in texts.enumerated() {
                try connection.execute(
                    """
                    INSERT INTO chunks (id, project_id, document_id, revision_id, ordinal, from_offset, to_offset, heading_path, tokens, text,
                        search_text)
                    VALUES (\(added.chunks[ordinal]), \(project), \(added.document), \(added.revision), \(ordinal), \(ordinal), \(ordinal + 1),
                        \(JSONValue.array([])), \(1), \(text), \(text))
                    """)
            }
        }
        return added
    }

    func delete(_ document: DocumentID) async throws {
        try await database.write { try $0.execute("UPDATE documents SET deleted_at = \(Self.moment) WHERE id = \(document)") }
    }

    func space(_ name: String = "model", dimensions: Int = 3) async throws -> EmbeddingSpace {
        let identity = EmbeddingIdentity(
            model: name, content: "c", runtime: "r", pooling: "mean", maxTokens: 8, dimensions: dimensions)
        return try await database.write { try EmbeddingStore().space(for: identity, at: Self.moment, in: $0) }
    }

    struct Added: Sendable {
        let document: DocumentID
        let revision: RevisionID
        let chunks: [ChunkID]
    }
}
