import Library
import ParleyCore
import ParleyDatabase
import ParleyIndex

/// What an index is fed from: the chunks that answers may be drawn from, with their vectors in one space.
struct IndexRows: Sendable {
    let chunks: [IndexedChunk]
    let vectors: [IndexedVector]
    /// The last chunk of the batch; nil at the end.
    let last: ChunkID?

    /// A batch of a project's live chunks in order of id, after this one; those of one document alone when it is named.
    static func batch(
        of project: ProjectID, document: DocumentID? = nil, space: SpaceID?, after: ChunkID?, limit: Int, in connection: Connection
    ) throws -> IndexRows {
        var condition: SQL =
            """
            chunks.project_id = \(project) AND documents.deleted_at IS NULL AND documents.current_revision_id = chunks.revision_id
            AND chunks.id > \(after?.description ?? "")
            """
        if let document { condition = condition + " AND chunks.document_id = \(document)" }
        let rows = try connection.rows(
            """
            SELECT chunks.id AS id, chunks.document_id AS document_id, chunks.text AS text, chunks.heading_path AS heading_path, revisions.title AS title,
                documents.name AS name, revisions.media_type AS media_type, documents.created_at AS created_at, embeddings.vector AS vector
            FROM chunks JOIN documents ON documents.id = chunks.document_id JOIN revisions ON revisions.id = chunks.revision_id
            LEFT JOIN embeddings ON embeddings.chunk_id = chunks.id AND embeddings.space_id = \(space?.description ?? "")
            WHERE \(fragment: condition) ORDER BY chunks.id LIMIT \(limit)
            """)
        let tags = try tags(of: Set(try rows.map { try $0["document_id"] }), in: connection)
        return try IndexRows(rows, tags: tags, isFull: rows.count == limit)
    }

    private init(_ rows: [Row], tags: [DocumentID: Set<String>], isFull: Bool) throws {
        var chunks: [IndexedChunk] = []
        var vectors: [IndexedVector] = []
        var last: ChunkID?
        for row in rows {
            let id: ChunkID = try row["id"]
            let document: DocumentID = try row["document_id"]
            let attributes = ChunkAttributes(
                document: document, type: try row["media_type"], tags: tags[document] ?? [], date: try row["created_at"])
            chunks.append(IndexedChunk(chunk: id, title: try Self.title(row), text: try row["text"], attributes: attributes))
            if let bytes: [UInt8] = try row["vector"] {
                vectors.append(IndexedVector(chunk: id, vector: VectorBytes.vector(bytes), attributes: attributes))
            }
            last = id
        }
        (self.chunks, self.vectors, self.last) = (chunks, vectors, isFull ? last : nil)
    }

    /// The document's name without its ending, its title, and the headings above the chunk.
    private static func title(_ row: Row) throws -> String {
        let title: String? = try row["title"]
        let path: JSONValue = try row["heading_path"]
        let name: String = try row["name"]
        var parts = path.array?.compactMap(\.string) ?? []
        if let title, parts.first != title { parts.insert(title, at: 0) }
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        if !parts.contains(where: { $0.hasPrefix(stem) }) { parts.insert(stem, at: 0) }
        // Full stops, so that no phrase or period goes from one to the next.
        return parts.joined(separator: ". ")
    }

    private static func tags(of documents: Set<DocumentID>, in connection: Connection) throws -> [DocumentID: Set<String>] {
        guard !documents.isEmpty else { return [:] }
        var result: [DocumentID: Set<String>] = [:]
        for row in try connection.rows("SELECT document_id, tag FROM document_tags WHERE document_id IN \(list: Array(documents))") {
            result[try row["document_id"], default: []].insert(try row["tag"])
        }
        return result
    }
}
