import Accounts
import ParleyCore
public import ParleyDatabase

extension RevisionState: SQLValueConvertible {}

/// The rows of documents and revisions. Those that are being purged are not there for anybody.
struct DocumentStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "documents.id", isSortable: true), .column("name", .text, "documents.name", isSortable: true),
            .column("created_at", .time, "documents.created_at", isSortable: true),
            .column("updated_at", .time, "documents.updated_at", isSortable: true),
            .column("state", .choice(RevisionState.allCases.map(\.rawValue)), "revisions.state"),
            .column("media_type", .text, "revisions.media_type"), .column("size", .int, "revisions.size"),
            .nullable("pages", .int, "revisions.pages"), .nullable("chunks", .int, "revisions.chunks"),
            .labels(
                "tags", matching: "SELECT 1 FROM document_tags WHERE document_tags.document_id = documents.id AND document_tags.tag IN"),
        ], key: "id")

    private static let columns: SQL =
        """
        documents.id AS id, documents.project_id AS project_id, documents.name AS name, documents.current_revision_id AS current_revision_id,
        documents.created_at AS created_at, documents.updated_at AS updated_at, documents.deleted_at AS deleted_at,
        revisions.id AS revision_id, revisions.content_hash AS content_hash, revisions.size AS size, revisions.media_type AS media_type,
        revisions.state AS state, revisions.progress AS progress, revisions.error_code AS error_code,
        revisions.error_message AS error_message, revisions.pages AS pages, revisions.chunks AS chunks,
        revisions.warnings AS warnings
        """
    private static let version: SQL = "documents.id || ' ' || documents.version || ' ' || revisions.version"
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
            INSERT INTO revisions (id, document_id, project_id, content_hash, size, stored_bytes, media_type, state, created_at)
            VALUES (\(revision.id), \(document.id), \(document.project), \(revision.contentHash), \(revision.size), \(revision.size),
                \(revision.mediaType), \(revision.state), \(document.createdAt))
            """)
        for tag in document.tags {
            try connection.execute("INSERT INTO document_tags (document_id, tag) VALUES (\(document.id), \(tag))")
        }
    }

    func document(_ id: DocumentID, in project: ProjectID, _ connection: Connection) throws -> Document? {
        try documents("documents.id = \(id) AND documents.project_id = \(project)", in: connection).first
    }

    /// A document of any project that is not deleted, whose latest revision is this one.
    func document(_ id: DocumentID, revision: RevisionID, _ connection: Connection) throws -> Document? {
        try documents(
            """
            documents.id = \(id) AND documents.latest_revision_id = \(revision)
            AND EXISTS (SELECT 1 FROM projects WHERE projects.id = documents.project_id AND projects.deleted_at IS NULL)
            """, in: connection
        ).first
    }

    func document(hash: String, in project: ProjectID, _ connection: Connection) throws -> Document? {
        try documents("documents.project_id = \(project) AND documents.content_hash = \(hash)", in: connection).first
    }

    /// - Parameter deleted: deleted documents instead of the others.
    func documents(_ query: ListQuery, deleted: Bool, in project: ProjectID, _ connection: Connection) throws -> ListSlice<Document> {
        let state: SQL = deleted ? "documents.deleted_at IS NOT NULL" : "documents.deleted_at IS NULL"
        return try Self.list.slice(
            query, select: Self.columns, from: Self.source,
            where: "documents.project_id = \(project) AND \(fragment: state) AND documents.purged_at IS NULL",
            version: Self.version, in: connection
        ) { rows in
            try include(query.include, in: try documents(rows, in: connection), connection)
        }
    }

    /// The documents with the related resources that were asked for, each kind by one statement.
    func include(_ names: Set<String>, in documents: [Document], _ connection: Connection) throws -> [Document] {
        guard names.contains("creator"), !documents.isEmpty else { return documents }
        let rows = try connection.rows(
            """
            SELECT documents.id AS id, users.id AS person_id, users.name AS person_name
            FROM documents JOIN users ON users.id = documents.created_by WHERE documents.id IN \(list: documents.map(\.id))
            """)
        var people: [DocumentID: PersonSummary] = [:]
        for row in rows { people[try row["id"]] = try PersonSummary(row) }
        return documents.map { document in
            var document = document
            document.creator = people[document.id]
            return document
        }
    }

    /// Who put it in; nil when the person is gone.
    func creator(of id: DocumentID, _ connection: Connection) throws -> UserID? {
        try connection.row("SELECT created_by FROM documents WHERE id = \(id)").flatMap { try $0["created_by"] }
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
        try connection.execute("UPDATE documents SET deleted_at = \(moment), updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    func touch(_ id: DocumentID, now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE documents SET updated_at = \(now), version = version + 1 WHERE id = \(id)")
    }

    private func documents(_ condition: SQL, in connection: Connection) throws -> [Document] {
        try documents(
            connection.rows(
                """
                SELECT \(fragment: Self.columns) FROM \(fragment: Self.source)
                WHERE \(fragment: condition) AND documents.purged_at IS NULL
                """), in: connection)
    }

    private func documents(_ rows: [Row], in connection: Connection) throws -> [Document] {
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
        let notes: JSONValue = try row["warnings"]
        warnings = notes.array?.compactMap(\.string) ?? []
    }
}
