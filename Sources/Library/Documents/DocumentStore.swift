public import ParleyCore
public import ParleyDatabase

extension RevisionState: SQLValueConvertible {}

/// Which documents a list shows, in order of id.
public struct DocumentQuery: Sendable {
    public var state: RevisionState?
    public var deleted = false
    public var after: DocumentID?
    public var limit = 50

    public init(state: RevisionState? = nil, deleted: Bool = false, after: DocumentID? = nil, limit: Int = 50) {
        (self.state, self.deleted, self.after, self.limit) = (state, deleted, after, limit)
    }
}

/// The rows of documents and revisions.
struct DocumentStore: Sendable {
    private static let columns: SQL =
        """
        documents.id AS id, documents.project_id AS project_id, documents.name AS name, documents.current_revision_id AS current_revision_id,
        documents.created_at AS created_at, documents.updated_at AS updated_at, documents.deleted_at AS deleted_at,
        revisions.id AS revision_id, revisions.content_hash AS content_hash, revisions.size AS size, revisions.media_type AS media_type,
        revisions.state AS state, revisions.progress AS progress, revisions.error_code AS error_code,
        revisions.error_message AS error_message, revisions.pages AS pages, revisions.chunks AS chunks
        """
    private static let source: SQL = "documents JOIN revisions ON revisions.id = documents.latest_revision_id"

    func insert(_ document: Document, creator: UserID, in connection: Connection) throws {
        let revision = document.latest
        try connection.execute(
            """
            INSERT INTO documents (id, project_id, name, content_hash, latest_revision_id, created_by, created_at, updated_at)
            VALUES (\(document.id), \(document.project), \(document.name), \(revision.contentHash), \(revision.id), \(creator),
                \(document.createdAt), \(document.updatedAt))
            """)
        try connection.execute(
            """
            INSERT INTO revisions (id, document_id, project_id, content_hash, size, media_type, state, created_at)
            VALUES (\(revision.id), \(document.id), \(document.project), \(revision.contentHash), \(revision.size), \(revision.mediaType),
                \(revision.state), \(document.createdAt))
            """)
        for tag in document.tags {
            try connection.execute("INSERT INTO document_tags (document_id, tag) VALUES (\(document.id), \(tag))")
        }
    }

    func document(_ id: DocumentID, in project: ProjectID, _ connection: Connection) throws -> Document? {
        try documents("documents.id = \(id) AND documents.project_id = \(project)", in: connection).first
    }

    func document(hash: String, in project: ProjectID, _ connection: Connection) throws -> Document? {
        try documents("documents.project_id = \(project) AND documents.content_hash = \(hash)", in: connection).first
    }

    func documents(_ query: DocumentQuery, in project: ProjectID, _ connection: Connection) throws -> [Document] {
        var condition: SQL = "documents.project_id = \(project) AND documents.id > \(query.after?.description ?? "")"
        condition = condition + (query.deleted ? " AND documents.deleted_at IS NOT NULL" : " AND documents.deleted_at IS NULL")
        if let state = query.state { condition = condition + " AND revisions.state = \(state)" }
        return try documents(condition + " ORDER BY documents.id LIMIT \(query.limit)", in: connection)
    }

    func count(in project: ProjectID, _ connection: Connection) throws -> Int {
        let row = try connection.row("SELECT count(*) AS n FROM documents WHERE project_id = \(project) AND deleted_at IS NULL")
        return try row?["n"] ?? 0
    }

    func counts(in project: ProjectID, _ connection: Connection) throws -> [RevisionState: Int] {
        let rows = try connection.rows(
            """
            SELECT revisions.state AS state, count(*) AS n FROM \(fragment: Self.source)
            WHERE documents.project_id = \(project) AND documents.deleted_at IS NULL GROUP BY revisions.state
            """)
        return Dictionary(try rows.map { (try $0["state"], try $0["n"]) }, uniquingKeysWith: +)
    }

    func setDeleted(_ id: DocumentID, _ moment: Timestamp?, now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE documents SET deleted_at = \(moment), updated_at = \(now) WHERE id = \(id)")
    }

    func touch(_ id: DocumentID, now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE documents SET updated_at = \(now) WHERE id = \(id)")
    }

    private func documents(_ condition: SQL, in connection: Connection) throws -> [Document] {
        let rows = try connection.rows("SELECT \(fragment: Self.columns) FROM \(fragment: Self.source) WHERE \(fragment: condition)")
        let ids: [DocumentID] = try rows.map { try $0["id"] }
        let tags = try tags(of: ids, in: connection)
        return try zip(ids, rows).map { try Document($1, tags: tags[$0] ?? []) }
    }

    private func tags(of ids: [DocumentID], in connection: Connection) throws -> [DocumentID: [String]] {
        guard !ids.isEmpty else { return [:] }
        var result: [DocumentID: [String]] = [:]
        for row in try connection.rows("SELECT document_id, tag FROM document_tags WHERE document_id IN \(list: ids) ORDER BY tag") {
            result[try row["document_id"], default: []].append(try row["tag"])
        }
        return result
    }
}

extension Document {
    fileprivate init(_ row: Row, tags: [String]) throws {
        id = try row["id"]
        project = try row["project_id"]
        name = try row["name"]
        self.tags = tags
        latest = try Revision(row)
        currentRevision = try row["current_revision_id"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        deletedAt = try row["deleted_at"]
    }
}

extension Revision {
    fileprivate init(_ row: Row) throws {
        let code: String? = try row["error_code"]
        let message: String? = try row["error_message"]
        id = try row["revision_id"]
        contentHash = try row["content_hash"]
        size = try row["size"]
        mediaType = try row["media_type"]
        state = try row["state"]
        progress = try row["progress"]
        failure = code.map { Failure(code: $0, message: message ?? "") }
        pages = try row["pages"]
        chunks = try row["chunks"]
    }
}
