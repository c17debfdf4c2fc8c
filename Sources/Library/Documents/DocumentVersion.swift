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
                SELECT documents.version AS v0, revisions.version AS v1, revisions.id AS v2
                FROM documents JOIN revisions ON revisions.id = documents.latest_revision_id
                WHERE documents.id = \(document) AND documents.project_id = \(project)
                """, lock: "documents")
        }
    }
}
