import Foundation
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// The durable work of reading one revision.
public struct IngestionWork: Codable, Sendable {
    let document: DocumentID
    let revision: RevisionID
    let project: ProjectID
}

/// Reads uploaded documents: parse, chunk, and store the chunks in batches into the revision, which stays invisible until
/// whoever makes chunks findable has made it current.
public struct Ingestion: Sendable {
    static let job = JobType<IngestionWork>("library.ingest", maxAttempts: 4, concurrency: 2, priority: .low)
    private static let batch = 256

    /// What follows when a revision's chunks are stored; called inside the last transaction.
    public typealias Chunked = @Sendable (RevisionID, ProjectID, JobContext, Connection) throws -> Void

    private let database: Database
    private let blobs: any BlobStore
    private let parsers: ParserRegistry
    private let chunker: @Sendable () async throws -> Chunker
    private let events: Events
    private let clock: any WallClock
    private let chunked: Chunked
    private let revisions = RevisionStore()

    public init(
        database: Database, blobs: any BlobStore, parsers: ParserRegistry, chunker: @escaping @Sendable () async throws -> Chunker,
        events: Events, clock: any WallClock, chunked: @escaping Chunked
    ) {
        (self.database, self.blobs, self.parsers, self.chunker) = (database, blobs, parsers, chunker)
        (self.events, self.clock, self.chunked) = (events, clock, chunked)
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        JobHandler(Self.job) { work, context in try await run(work, context) }
    }

    private func run(_ work: IngestionWork, _ context: JobContext) async throws {
        do {
            try await ingest(work, context)
        } catch let error as ParleyError where !error.code.isFault {
            try await fail(work, error)
        } catch {
            if context.isLastAttempt, !(error is CancellationError) {
                try await fail(
                    work, ParleyError(.internal, "The document could not be read because of a fault on the server. Retry it.", cause: error)
                )
            }
            throw error
        }
    }

    private func ingest(_ work: IngestionWork, _ context: JobContext) async throws {
        try await advance(work, to: .parsing, 0.02, context)
        guard let source = try await database.read({ try revisions.source(work.revision, in: $0) }) else { return }
        let file = try await blobs.file(source.contentHash)
        let parsed = try await parsers.parse(file, name: source.name)
        try context.checkCancelled()

        try await database.write { connection in
            try ParsedTextStore().put(ParsedText(parsed), of: work.revision, in: connection)
            try revisions.setParsed(
                work.revision, title: parsed.title, pages: parsed.pages.isEmpty ? nil : parsed.pages.count, in: connection)
            try ChunkStore().deleteAll(of: work.revision, in: connection)
        }
        try await advance(work, to: .chunking, 0.1, context)
        let chunker = try await chunker()
        let chunks = try await onWorkerThread { chunker.chunks(of: parsed) }
        try context.checkCancelled()
        try await store(chunks, work, context)
    }

    /// Stores the chunks batch by batch; the last batch's transaction also queues what comes next.
    private func store(_ chunks: [Chunk], _ work: IngestionWork, _ context: JobContext) async throws {
        guard !chunks.isEmpty else {
            throw ParleyError(.documentNoText, "The document has no text that could be read.")
        }
        let now = clock.now()
        for start in stride(from: 0, to: chunks.count, by: Self.batch) {
            let rows = chunks[start..<min(start + Self.batch, chunks.count)].map { StoredChunk($0, work, at: now) }
            let isLast = start + Self.batch >= chunks.count
            try await database.write { connection in
                try ChunkStore().insert(rows, in: connection)
                guard isLast else { return }
                try revisions.setChunked(work.revision, chunks: chunks.count, in: connection)
                try revisions.advance(work.revision, to: .embedding, progress: 0.2, in: connection)
                try tell("revision.chunked", work, in: connection)
                try chunked(work.revision, work.project, context, connection)
            }
            try context.checkCancelled()
        }
    }

    private func advance(_ work: IngestionWork, to state: RevisionState, _ progress: Double, _ context: JobContext) async throws {
        try await database.write { try revisions.advance(work.revision, to: state, progress: progress, in: $0) }
        await context.report(progress: progress, state.rawValue)
    }

    private func fail(_ work: IngestionWork, _ error: ParleyError) async throws {
        try await database.write { connection in
            try revisions.fail(work.revision, code: error.code.name, message: error.message, in: connection)
            try tell("document.failed", work, ["code": .string(error.code.name)], in: connection)
        }
    }

    private func tell(_ kind: String, _ work: IngestionWork, _ payload: JSONValue = .object([:]), in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: work.project, subject: work.document.description, actor: nil, payload: payload), in: connection)
    }
}

extension StoredChunk {
    fileprivate init(_ chunk: Chunk, _ work: IngestionWork, at now: Timestamp) {
        self.init(
            id: ChunkID(at: now), project: work.project, document: work.document, revision: work.revision, ordinal: chunk.ordinal,
            from: chunk.from, to: chunk.to, firstPage: chunk.firstPage, lastPage: chunk.lastPage, headingPath: chunk.headingPath,
            tokens: chunk.tokens, text: chunk.text, searchText: chunk.embeddedText)
    }
}

extension ParsedText {
    fileprivate init(_ parsed: ParsedDocument) {
        let headings = parsed.blocks.compactMap { block -> Outline.Heading? in
            guard case .heading(let level) = block.kind else { return nil }
            return Outline.Heading(level: level, text: parsed.text(of: block), from: block.from)
        }
        let pages = parsed.pages.map { Outline.Page(number: $0.number, from: $0.from, to: $0.to) }
        self.init(text: parsed.text, length: parsed.length, outline: Outline(pages: pages, headings: headings))
    }
}
