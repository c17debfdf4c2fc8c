import Accounts
import ParleyCore
import ParleyHTTP

extension Document {
    private static let moment = Timestamp(milliseconds: 1_790_000_000_000)
    static let example = Document(
        id: DocumentID(at: moment), project: ProjectID(at: moment), name: "handbook.pdf", tags: ["rules"],
        latest: Revision(
            id: RevisionID(at: moment), contentHash: String(repeating: "0", count: 64), size: 482_883, mediaType: "application/pdf",
            state: .ready, progress: 1, pages: 12, chunks: 41),
        currentRevision: nil, createdAt: moment, updatedAt: moment, deletedAt: nil)

    static let schema: Schema<Document> = .object(
        "Document", "A document as its latest revision stands.",
        .field("id", \.id, .id()),
        .field("name", \.name, .string()),
        .field("media_type", \.latest.mediaType, .string(), "Told from the content."),
        .field("size", \.latest.size, .int(), "In bytes."),
        .field("state", \.latest.state, .enumeration()),
        .field("progress", \.latest.progress, .double(), "From 0 to 1, over the whole way from upload to ready."),
        .field("error", \.latest.failure, .optional(Revision.Failure.schema), "Why it failed."),
        .field("pages", \.latest.pages, .optional(.int()), "Null when the format has none, or before it was read."),
        .field("chunks", \.latest.chunks, .optional(.int())),
        .field("warnings", \.latest.warnings, .array(.string()), "What was lost, repaired or guessed when the file was read."),
        .field("tags", \.tags, .array(.string())),
        .field("revision_id", \.latest.id, .id()),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        .field("deleted_at", \.deletedAt, .optional(.timestamp())),
        .related("creator", \.creator, PersonSummary.schema, "Who put it in."),
        example: example)
}

extension Revision.Failure {
    static let schema: Schema<Revision.Failure> = .object(
        "DocumentFailure", "Why a document could not be read.",
        .field("code", \.code, .string()),
        .field("message", \.message, .string()),
        example: Revision.Failure(code: "document.no_text", message: "The PDF has no text layer."))
}

extension TextExcerpt {
    static let schema: Schema<TextExcerpt> = .object(
        "TextExcerpt", "A piece of a document's parsed text, with the outline of all of it.",
        .field("document_id", \.document, .id()),
        .field("revision_id", \.revision, .id()),
        .field("name", \.name, .string()),
        .field("from", \.from, .int()),
        .field("to", \.to, .int()),
        .field("length", \.length, .int(), "Of the whole text."),
        .field("text", \.text, .string()),
        .field("pages", \.outline.pages, .array(Outline.Page.schema)),
        .field("headings", \.outline.headings, .array(Outline.Heading.schema)),
        example: TextExcerpt(
            document: Document.example.id, revision: Document.example.latest.id, name: "handbook.pdf", from: 0, to: 12, length: 9000,
            text: "Office hours", outline: Outline(pages: [], headings: [])))
}

extension Outline.Page {
    static let schema: Schema<Outline.Page> = .object(
        "PageSpan", "Where a page's text is.",
        .field("number", \.number, .int(), "From 1."),
        .field("from", \.from, .int()),
        .field("to", \.to, .int()),
        example: Outline.Page(number: 1, from: 0, to: 2100))
}

extension Outline.Heading {
    static let schema: Schema<Outline.Heading> = .object(
        "HeadingPlace", "A heading and where it stands.",
        .field("level", \.level, .int(), "1 is the highest."),
        .field("text", \.text, .string()),
        .field("from", \.from, .int()),
        example: Outline.Heading(level: 1, text: "Office hours", from: 0))
}

extension StoredChunk {
    static let schema: Schema<StoredChunk> = .object(
        "DocumentPassage", "A piece of a document's parsed text, as it is searched.",
        .field("id", \.id, .id()),
        .field("revision_id", \.revision, .id()),
        .field("ordinal", \.ordinal, .int(), "Its place in the document, from 0."),
        .field("from", \.from, .int()),
        .field("to", \.to, .int()),
        .field("first_page", \.firstPage, .optional(.int())),
        .field("last_page", \.lastPage, .optional(.int())),
        .field("heading_path", \.headingPath, .array(.string())),
        .field("tokens", \.tokens, .int()),
        .field("text", \.text, .string()),
        .field("table_header", \.tableHeader, .optional(.string()), "The first row of the table that the text goes on with."),
        example: StoredChunk(
            id: ChunkID(at: Document.example.createdAt), project: Document.example.project, document: Document.example.id,
            revision: Document.example.latest.id, ordinal: 0, from: 0, to: 36, firstPage: 1, lastPage: 1, headingPath: ["Office hours"],
            tokens: 9, text: "The office is open from nine to five", searchText: ""))
}
