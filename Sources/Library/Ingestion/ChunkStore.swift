public import ParleyCore
public import ParleyDatabase

/// The rows of chunks.
public struct ChunkStore: Sendable {
    static let columns: SQL =
        """
        chunks.id AS id, chunks.project_id AS project_id, chunks.document_id AS document_id, chunks.revision_id AS revision_id,
        chunks.ordinal AS ordinal, chunks.from_offset AS from_offset, chunks.to_offset AS to_offset, chunks.first_page AS first_page,
        chunks.last_page AS last_page, chunks.heading_path AS heading_path, chunks.tokens AS tokens, chunks.text AS text,
        chunks.table_header AS table_header, chunks.search_text AS search_text
        """

    public init() {}

    func insert(_ chunks: [StoredChunk], in connection: Connection) throws {
        for chunk in chunks {
            let path = JSONValue.array(chunk.headingPath.map(JSONValue.string))
            try connection.execute(
                """
                INSERT INTO chunks (id, project_id, document_id, revision_id, ordinal, from_offset, to_offset, first_page, last_page,
                    heading_path, tokens, text, table_header, search_text)
                VALUES (\(chunk.id), \(chunk.project), \(chunk.document), \(chunk.revision), \(chunk.ordinal), \(chunk.from), \(chunk.to),
                    \(chunk.firstPage), \(chunk.lastPage), \(path), \(chunk.tokens), \(chunk.text), \(chunk.tableHeader),
                    \(chunk.searchText))
                """)
        }
    }

    func deleteAll(of revision: RevisionID, in connection: Connection) throws {
        try connection.execute("DELETE FROM chunks WHERE revision_id = \(revision)")
    }

    /// A revision's chunks in order, after this ordinal.
    public func chunks(of revision: RevisionID, after ordinal: Int, limit: Int, in connection: Connection) throws -> [StoredChunk] {
        try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM chunks
            WHERE chunks.revision_id = \(revision) AND chunks.ordinal > \(ordinal) ORDER BY chunks.ordinal LIMIT \(limit)
            """
        ).map(StoredChunk.init)
    }

    /// A chunk with those that stand before and after it in its revision, in order.
    /// - Parameter reach: how many on each side.
    public func chunks(around id: ChunkID, reach: Int, in connection: Connection) throws -> [StoredChunk] {
        try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM chunks AS center CROSS JOIN chunks
            WHERE center.id = \(id) AND chunks.revision_id = center.revision_id
            AND chunks.ordinal BETWEEN center.ordinal - \(reach) AND center.ordinal + \(reach) ORDER BY chunks.ordinal
            """
        ).map(StoredChunk.init)
    }

    static let list = ListSource(
        [
            .column("ordinal", .int, "chunks.ordinal", isSortable: true), .nullable("first_page", .int, "chunks.first_page"),
            .nullable("last_page", .int, "chunks.last_page"), .column("tokens", .int, "chunks.tokens"),
            .column("from", .int, "chunks.from_offset"), .column("to", .int, "chunks.to_offset"), .column("text", .text, "chunks.text"),
        ], key: "ordinal")

    /// A page of a revision's chunks.
    func chunks(_ query: ListQuery, of revision: RevisionID, in connection: Connection) throws -> ListSlice<StoredChunk> {
        try Self.list.slice(
            query, select: Self.columns, from: "chunks", where: "chunks.revision_id = \(revision)", version: "chunks.id",
            in: connection
        ) { try $0.map(StoredChunk.init) }
    }

    /// Those of these chunks that answers may be drawn from now: of a current revision of a document that is not deleted.
    /// `CROSS JOIN` makes SQLite begin with the few chunks rather than with all documents of the project.
    public func live(_ ids: [ChunkID], in project: ProjectID, _ connection: Connection) throws -> [LiveChunk] {
        guard !ids.isEmpty else { return [] }
        return try connection.rows(
            """
            SELECT \(fragment: Self.columns), documents.name AS document_name, revisions.media_type AS media_type
            FROM chunks CROSS JOIN documents CROSS JOIN revisions
            WHERE documents.id = chunks.document_id AND documents.current_revision_id = chunks.revision_id
            AND revisions.id = chunks.revision_id AND chunks.id IN \(list: ids) AND documents.project_id = \(project) AND documents.deleted_at IS NULL
            """
        ).map { LiveChunk(chunk: try StoredChunk($0), documentName: try $0["document_name"], mediaType: try $0["media_type"]) }
    }
}

/// A chunk that may be shown, with its document's name and type.
public struct LiveChunk: Sendable, Hashable {
    public let chunk: StoredChunk
    public let documentName: String
    public let mediaType: String
}

extension StoredChunk {
    /// From a row with `ChunkStore.columns`.
    public init(_ row: Row) throws {
        let path: JSONValue = try row["heading_path"]
        id = try row["id"]
        project = try row["project_id"]
        document = try row["document_id"]
        revision = try row["revision_id"]
        ordinal = try row["ordinal"]
        from = try row["from_offset"]
        to = try row["to_offset"]
        firstPage = try row["first_page"]
        lastPage = try row["last_page"]
        headingPath = path.array?.compactMap(\.string) ?? []
        tokens = try row["tokens"]
        text = try row["text"]
        tableHeader = try row["table_header"]
        searchText = try row["search_text"]
    }
}
