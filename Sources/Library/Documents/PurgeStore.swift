import Accounts
import ParleyCore
import ParleyDatabase

/// The rows of documents that are to be removed for good. A row stays, seen by nobody but quotas, until all that it names is gone.
struct PurgeStore: Sendable {
    /// A document that is on its way out.
    struct Leaving: Sendable {
        let id: DocumentID
        /// Of its files.
        let hashes: [String]
    }

    /// From here on the document is there for nobody, and the same bytes can come anew.
    func mark(_ id: DocumentID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            "UPDATE documents SET purged_at = \(now), version = version + 1 WHERE id = \(id) AND purged_at IS NULL")
    }

    /// Documents deleted before this moment, and those of deleted projects, which nobody can restore.
    func expired(before moment: Timestamp, limit: Int, in connection: Connection) throws -> [(id: DocumentID, project: ProjectID)] {
        try connection.rows(
            """
            SELECT id, project_id FROM documents WHERE purged_at IS NULL AND deleted_at IS NOT NULL AND deleted_at < \(moment)
            UNION SELECT documents.id, documents.project_id FROM projects CROSS JOIN documents
            WHERE documents.project_id = projects.id AND projects.deleted_at IS NOT NULL AND documents.purged_at IS NULL
            LIMIT \(limit)
            """
        ).map { (try $0["id"], try $0["project_id"]) }
    }

    /// Purged documents after this one that no job reads any more.
    func leaving(after id: DocumentID?, limit: Int, in connection: Connection) throws -> [Leaving] {
        let working: [RevisionState] = [.queued, .parsing, .chunking, .embedding]
        let later: SQL = id.map { "AND documents.id > \($0)" } ?? ""
        let rows = try connection.rows(
            """
            SELECT documents.id AS id FROM documents WHERE documents.purged_at IS NOT NULL \(fragment: later) AND NOT EXISTS (
                SELECT 1 FROM revisions WHERE revisions.document_id = documents.id AND revisions.state IN \(list: working))
            ORDER BY documents.id LIMIT \(limit)
            """)
        return try rows.map { row in
            let id: DocumentID = try row["id"]
            let revisions = try connection.rows("SELECT DISTINCT content_hash FROM revisions WHERE document_id = \(id)")
            return Leaving(id: id, hashes: try revisions.map { try $0["content_hash"] })
        }
    }

    /// Removes some of the document's passages, and their vectors with them.
    /// - Returns: how many there were.
    func removePassages(of id: DocumentID, limit: Int, in connection: Connection) throws -> Int {
        try connection.execute(
            "DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE document_id = \(id) ORDER BY id LIMIT \(limit))")
    }

    /// Of these files, those that another document needs.
    func needed(_ hashes: [String], in connection: Connection) throws -> Set<String> {
        Set(
            try connection.rows(
                """
                SELECT DISTINCT revisions.content_hash AS content_hash FROM revisions JOIN documents ON documents.id = revisions.document_id
                WHERE revisions.content_hash IN \(list: hashes) AND documents.purged_at IS NULL
                """
            ).map { try $0["content_hash"] })
    }

    func remove(_ id: DocumentID, in connection: Connection) throws {
        try connection.execute("DELETE FROM documents WHERE id = \(id) AND purged_at IS NOT NULL")
    }
}
