public import ParleyCore
public import ParleyDatabase

/// The parsed text of a revision and its outline.
struct ParsedText: Sendable {
    let text: String
    /// In Unicode scalars.
    let length: Int
    let outline: Outline
}

/// The rows of parsed texts.
public struct ParsedTextStore: Sendable {
    public init() {}

    /// A part of a revision's parsed text; nil when it is not parsed.
    /// - Parameters: half-open, in Unicode scalars.
    public func text(of revision: RevisionID, from: Int, to: Int, in connection: Connection) throws -> String? {
        let row = try connection.row(
            """
            SELECT substr(text, CAST(\(from + 1) AS INTEGER), CAST(\(max(0, to - from)) AS INTEGER)) AS part
            FROM parsed_texts WHERE revision_id = \(revision)
            """)
        return try row?["part"]
    }

    /// - Parameter outline: the text's own, encoded before the transaction began.
    /// - Returns: how many bytes it takes.
    @discardableResult
    func put(_ parsed: ParsedText, _ outline: JSONText, of revision: RevisionID, in connection: Connection) throws -> Int {
        try connection.execute(
            """
            INSERT INTO parsed_texts (revision_id, text, length, outline) VALUES (\(revision), \(parsed.text), \(parsed.length), \(outline))
            ON CONFLICT (revision_id) DO UPDATE SET text = excluded.text, length = excluded.length, outline = excluded.outline
            """)
        return parsed.text.utf8.count + outline.text.utf8.count
    }

    func delete(_ revision: RevisionID, in connection: Connection) throws {
        try connection.execute("DELETE FROM parsed_texts WHERE revision_id = \(revision)")
    }

    /// Where a revision's pages are; empty when its format has none.
    func pages(of revision: RevisionID, in connection: Connection) throws -> [Outline.Page] {
        try connection.row("SELECT outline FROM parsed_texts WHERE revision_id = \(revision)").map { row in
            let outline: JSONText = try row["outline"]
            return try outline.value(Outline.self).pages
        } ?? []
    }

    /// Nil when the revision is not one of the document, or not parsed yet.
    func text(_ revision: RevisionID, of document: DocumentID, in connection: Connection) throws -> ParsedText? {
        try connection.row(
            """
            SELECT parsed_texts.text AS text, parsed_texts.length AS length, parsed_texts.outline AS outline
            FROM parsed_texts JOIN revisions ON revisions.id = parsed_texts.revision_id
            WHERE parsed_texts.revision_id = \(revision) AND revisions.document_id = \(document)
            """
        ).map { row in
            let outline: JSONText = try row["outline"]
            return ParsedText(text: try row["text"], length: try row["length"], outline: try outline.value())
        }
    }
}
