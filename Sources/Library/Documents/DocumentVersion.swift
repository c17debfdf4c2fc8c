import Accounts
import ParleyCore
import ParleyDatabase
import ParleyHTTP

extension DocumentService {
    /// The version of a document.
    var version: ResourceVersion { version(where: "1 = 1") }

    /// The version of what stands in a document; there is none of a deleted one.
    var contentVersion: ResourceVersion { version(where: "documents.deleted_at IS NULL") }

    private func version(where condition: SQL) -> ResourceVersion {
        .row(in: database) { request in
            let (document, project): (DocumentID, ProjectID) = (try request.id("document"), try request.id("project"))
            return RowVersion(
                """
                SELECT documents.version AS v0, revisions.version AS v1, revisions.id AS v2
                FROM documents JOIN revisions ON revisions.id = documents.latest_revision_id
                WHERE documents.id = \(document) AND documents.project_id = \(project) AND \(fragment: condition)
                    AND documents.purged_at IS NULL
                """, lock: "documents")
        }
    }
}
