public import ParleyCore
public import ParleyDatabase

/// How ingestion moves a revision along. `Retrieval` embeds and makes it ready through the same store.
public struct RevisionStore: Sendable {
    public init() {}

    /// What a job needs to know of a revision.
    public struct Source: Sendable {
        public let document: DocumentID
        public let project: ProjectID
        public let name: String
        public let contentHash: String
        public let mediaType: String
        public let title: String?
        public let state: RevisionState
        /// How many chunks it has; nil before chunking.
        public let chunks: Int?
    }

    /// Nil when the revision is gone.
    public func source(_ id: RevisionID, in connection: Connection) throws -> Source? {
        try connection.row(
            """
            SELECT revisions.document_id AS document_id, revisions.project_id AS project_id, documents.name AS name,
                revisions.content_hash AS content_hash, revisions.media_type AS media_type, revisions.title AS title,
                revisions.state AS state, revisions.chunks AS chunks
            FROM revisions JOIN documents ON documents.id = revisions.document_id WHERE revisions.id = \(id)
            """
        ).map { row in
            Source(
                document: try row["document_id"], project: try row["project_id"], name: try row["name"],
                contentHash: try row["content_hash"], mediaType: try row["media_type"], title: try row["title"], state: try row["state"],
                chunks: try row["chunks"])
        }
    }

    /// Notes the state and how far the whole way is, from 0 to 1.
    public func advance(_ id: RevisionID, to state: RevisionState, progress: Double, in connection: Connection) throws {
        try connection.execute(
            "UPDATE revisions SET version = version + 1, state = \(state), progress = \(progress), error_code = NULL, error_message = NULL WHERE id = \(id)"
        )
    }

    public func fail(_ id: RevisionID, code: String, message: String, in connection: Connection) throws {
        try connection.execute(
            "UPDATE revisions SET version = version + 1, state = \(RevisionState.failed), error_code = \(code), error_message = \(message) WHERE id = \(id)"
        )
    }

    /// The small flip: from here on answers are drawn from this revision.
    public func makeCurrent(_ id: RevisionID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            "UPDATE revisions SET version = version + 1, state = \(RevisionState.ready), progress = 1, ready_at = \(now) WHERE id = \(id)")
        try connection.execute(
            """
            UPDATE documents SET current_revision_id = \(id), updated_at = \(now), version = version + 1
            WHERE id = (SELECT document_id FROM revisions WHERE id = \(id)) AND latest_revision_id = \(id)
            """)
    }

    func restart(_ id: RevisionID, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE revisions SET version = version + 1, state = \(RevisionState.queued), progress = 0, error_code = NULL, error_message = NULL WHERE id = \(id)
            """)
    }

    /// Notes that nothing is stored of the revision but its file.
    func setEmpty(_ id: RevisionID, in connection: Connection) throws {
        try connection.execute("UPDATE revisions SET stored_bytes = size, warnings = \(JSONValue.array([])) WHERE id = \(id)")
    }

    /// Counts what is stored of the revision in this transaction.
    public func add(stored bytes: Int, to id: RevisionID, in connection: Connection) throws {
        try connection.execute("UPDATE revisions SET stored_bytes = stored_bytes + \(bytes) WHERE id = \(id)")
    }

    /// - Parameter bytes: of the text.
    func setParsed(_ id: RevisionID, title: String?, pages: Int?, bytes: Int, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE revisions SET version = version + 1, title = \(title), pages = \(pages), stored_bytes = size + \(bytes)
            WHERE id = \(id)
            """)
    }

    /// Notes what was lost, repaired or guessed when the file was read.
    func setWarnings(_ id: RevisionID, _ warnings: [String], in connection: Connection) throws {
        let list = JSONValue.array(warnings.map(JSONValue.string))
        try connection.execute("UPDATE revisions SET version = version + 1, warnings = \(list) WHERE id = \(id)")
    }

    func setChunked(_ id: RevisionID, chunks: Int, in connection: Connection) throws {
        try connection.execute("UPDATE revisions SET version = version + 1, chunks = \(chunks) WHERE id = \(id)")
    }
}
