import Accounts
import ParleyCore
import ParleyDatabase
import ParleyHTTP

extension DocumentService {
    /// The version of a document, and of its parsed text.
    var version: ResourceVersion {
        .row(in: database) { request in
            let (document, project): (DocumentID, ProjectID) = (try request.id("document"), try request.id("project"))
            return RowVersion(
                """
                SELECT documents.version AS v0, revisions.state AS v1, revisions.progress AS v2, revisions.pages AS v3, revisions.chunks AS v4,
                    revisions.error_code AS v5, revisions.error_message AS v6, revisions.id AS v7
                FROM documents JOIN revisions ON revisions.id = documents.latest_revision_id
                WHERE documents.id = \(document) AND documents.project_id = \(project)
                """, lock: "documents")
        }
    }
}
