import ParleyCore

/// The address of a document as a resource: `parley://projects/{project}/documents/{document}`.
struct MCPAddress: Sendable, Hashable {
    static let template = "parley://projects/{project}/documents/{document}"
    let project: ProjectID
    let document: DocumentID

    init(project: ProjectID, document: DocumentID) { (self.project, self.document) = (project, document) }

    /// Nil when the text is no such address.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "parley:", parts[1].isEmpty, parts[2] == "projects", parts[4] == "documents",
            let project = ProjectID(parts[3]), let document = DocumentID(parts[5])
        else { return nil }
        self.init(project: project, document: document)
    }

    var text: String { "parley://projects/\(project)/documents/\(document)" }
}
