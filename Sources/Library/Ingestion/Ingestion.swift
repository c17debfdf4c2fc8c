public import Accounts
public import Foundation
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
public import ParleyParsing

/// The durable work of reading one revision.
public struct IngestionWork: Codable, Sendable {
    let document: DocumentID
    let revision: RevisionID
    let project: ProjectID
}

/// Reads uploaded documents: parse, chunk, and store the chunks in batches into the revision, which stays invisible until
/// whoever makes chunks findable has made it current.
public struct Ingestion: Sendable {
    static let job = JobType<IngestionWork>("library.ingest", maxAttempts: 4, concurrency: 4, sharing: .fair, priority: .low)
    private static let batch = 256
    /// Texts of up to this many scalars are chunked so fast that nothing is written before: each commit waits for the disk.
    private static let short = 100_000

    /// What follows when a revision's chunks are stored; called inside the last transaction.
    public typealias Chunked = @Sendable (RevisionID, ProjectID, JobContext, Connection) throws -> Void

    private let database: Database
    private let blobs: any BlobStore
    private let parse: @Sendable (URL, String?) async throws -> ParsedDocument
    private let chunker: @Sendable () async throws -> Chunker
    private let events: Events
    private let clock: any WallClock
    private let chunked: Chunked
    private let limits: IngestionLimits
    private let quota: StorageQuota
    private let vectorBytes: @Sendable () async -> Int
    private let revisions = RevisionStore()

    /// - Parameters:
    ///   - parse: reads a file of this name.
    ///   - vectorBytes: what the vector of a chunk takes; 0 when none will be made.
    public init(
        database: Database, blobs: any BlobStore, parse: @escaping @Sendable (URL, String?) async throws -> ParsedDocument,
        chunker: @escaping @Sendable () async throws -> Chunker, events: Events, clock: any WallClock,
        limits: IngestionLimits = IngestionLimits(), quotas: Quotas = Quotas(), vectorBytes: @escaping @Sendable () async -> Int = { 0 },
        chunked: @escaping Chunked
    ) {
        (self.database, self.blobs, self.parse, self.chunker) = (database, blobs, parse, chunker)
        (self.events, self.clock, self.chunked) = (events, clock, chunked)
        (self.limits, quota, self.vectorBytes) = (limits, StorageQuota(quotas), vectorBytes)
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        JobHandler(Self.job) { work, context in
            try await run(work, context)
        } gaveUp: { work, cause, connection in
            try fail(work, cause == .failed ? Self.broken : Self.endedServer, in: connection)
        }
    }

    private func run(_ work: IngestionWork, _ context: JobContext) async throws {
        do {
            try await ingest(work, context)
        } catch let error as ParleyError where !error.code.isFault || error.code == .converterMissing {
            // A program that is not there now is not there in a minute.
            try await database.write { try fail(work, error, in: $0) }
        }
    }

    private func ingest(_ work: IngestionWork, _ context: JobContext) async throws {
        let begun = try await database.write { connection in
            let source = try revisions.source(work.revision, in: connection)
            // An attempt whose process died may have done all of this, and what follows be under way.
            guard let source, [.queued, .parsing, .chunking].contains(source.state) else { return RevisionStore.Source?.none }
            try revisions.advance(work.revision, to: .parsing, progress: 0.02, in: connection)
            return source
        }
        guard let source = begun else { return }
        let file = try await blobs.file(source.contentHash)
        let parsed = try await parse(file, source.name)
        try limits.check(text: parsed.text.utf8.count)
        try context.checkCancelled()

        let isShort = parsed.length <= Self.short
        let text = ParsedText(parsed)
        let readable = Readable(
            document: parsed, text: text, outline: try JSONText(text.outline), warnings: Self.shown(parsed.warnings))
        if !isShort {
            try await database.write { connection in
                try keep(readable, work, in: connection)
                try quota.check(expanding: work.document, of: work.project, by: 0, in: connection)
                try revisions.advance(work.revision, to: .chunking, progress: 0.1, in: connection)
            }
            await context.report(progress: 0.1, RevisionState.chunking.rawValue)
        }
        let chunker = try await chunker()
        let chunks = try await onWorkerThread { try chunker.chunks(of: parsed, until: $0) }
        try limits.check(chunks: chunks.count)
        try context.checkCancelled()
        try await store(chunks, of: isShort ? readable : nil, work, context)
    }

    /// A document with what is stored of it, made before any transaction begins.
    private struct Readable: Sendable {
        let document: ParsedDocument
        let text: ParsedText
        let outline: JSONText
        let warnings: [String]
    }

    /// Warnings of a document, and the characters of each: they tell of the document's text, which may be anything.
    private static let (mostWarnings, longestWarning) = (50, 1000)

    private static func shown(_ warnings: [String]) -> [String] {
        warnings.prefix(Self.mostWarnings).map { TextLength(1...longestWarning).fitted(ShownText.line($0)) }
    }

    private func keep(_ readable: Readable, _ work: IngestionWork, in connection: Connection) throws {
        let bytes = try ParsedTextStore().put(readable.text, readable.outline, of: work.revision, in: connection)
        let (title, pages) = (readable.document.title.map(ShownText.line), readable.document.pages.count)
        try revisions.setParsed(work.revision, title: title, pages: pages == 0 ? nil : pages, bytes: bytes, in: connection)
        try revisions.setWarnings(work.revision, readable.warnings, in: connection)
        try ChunkStore().deleteAll(of: work.revision, in: connection)
    }

    /// Stores the chunks batch by batch; the last batch's transaction also queues what comes next.
    /// - Parameter readable: goes into the first batch's transaction; nil when it is stored already.
    private func store(_ chunks: [Chunk], of readable: Readable?, _ work: IngestionWork, _ context: JobContext) async throws {
        guard !chunks.isEmpty else {
            throw ParleyError(.documentNoText, "The document has no text that could be read.")
        }
        let now = clock.now()
        let (size, vector) = (chunks.reduce(0) { $0 + $1.storedBytes }, await vectorBytes())
        for start in stride(from: 0, to: chunks.count, by: Self.batch) {
            let batch = chunks[start..<min(start + Self.batch, chunks.count)]
            let (rows, bytes) = (batch.map { StoredChunk($0, work, at: now) }, batch.reduce(0) { $0 + $1.storedBytes })
            let isLast = start + Self.batch >= chunks.count
            try await database.write { connection in
                if start == 0 {
                    if let readable { try keep(readable, work, in: connection) }
                    let more = size + vector * chunks.count
                    try quota.check(expanding: work.document, of: work.project, by: more, in: connection)
                }
                try ChunkStore().insert(rows, in: connection)
                try revisions.add(stored: bytes, to: work.revision, in: connection)
                guard isLast else { return }
                try revisions.setChunked(work.revision, chunks: chunks.count, in: connection)
                try revisions.advance(work.revision, to: .embedding, progress: 0.2, in: connection)
                try tell("revision.chunked", work, in: connection)
                try chunked(work.revision, work.project, context, connection)
            }
            try context.checkCancelled()
        }
    }

    /// Nothing of what the document expanded to is left behind.
    private func fail(_ work: IngestionWork, _ error: ParleyError, in connection: Connection) throws {
        try ChunkStore().deleteAll(of: work.revision, in: connection)
        try ParsedTextStore().delete(work.revision, in: connection)
        try revisions.setEmpty(work.revision, in: connection)
        try revisions.fail(work.revision, code: error.code.name, message: error.message, in: connection)
        try tell("document.failed", work, ["code": .string(error.code.name)], in: connection)
    }

    private static let broken = ParleyError(.internal, "The document could not be read because of a fault on the server. Retry it.")
    private static let endedServer = ParleyError(
        .documentEndedServer,
        "Reading this document ended the server three times, so it was given up. Its file is kept. Retry it after an update of the server, or upload it in another format."
    )

    private func tell(_ kind: String, _ work: IngestionWork, _ payload: JSONValue = .object([:]), in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: work.project, subject: work.document.description, actor: nil, payload: payload), in: connection)
    }
}

extension Chunk {
    /// Bytes that it takes, its vector not counted.
    fileprivate var storedBytes: Int {
        headingPath.reduce(text.utf8.count + embeddedText.utf8.count + (tableHeader?.utf8.count ?? 0)) { $0 + $1.utf8.count }
    }
}

extension StoredChunk {
    fileprivate init(_ chunk: Chunk, _ work: IngestionWork, at now: Timestamp) {
        self.init(
            id: ChunkID(at: now), project: work.project, document: work.document, revision: work.revision, ordinal: chunk.ordinal,
            from: chunk.from, to: chunk.to, firstPage: chunk.firstPage, lastPage: chunk.lastPage, headingPath: chunk.headingPath,
            tokens: chunk.tokens, text: chunk.text, tableHeader: chunk.tableHeader, searchText: chunk.embeddedText)
    }
}

extension ParsedText {
    /// Headings of an outline, and the scalars of each.
    private static let (mostHeadings, longestHeading) = (5000, 300)

    fileprivate init(_ parsed: ParsedDocument) {
        let headings = parsed.texts().lazy.compactMap { block, text -> Outline.Heading? in
            guard case .heading(let level) = block.kind else { return nil }
            return Outline.Heading(level: level, text: String(text.unicodeScalars.prefix(Self.longestHeading)), from: block.from)
        }.prefix(Self.mostHeadings)
        let pages = parsed.pages.map { Outline.Page(number: $0.number, from: $0.from, to: $0.to) }
        self.init(text: parsed.text, length: parsed.length, outline: Outline(pages: pages, headings: Array(headings)))
    }
}
