import Library
import Logging
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyInference
public import ParleyJobs
public import ParleyTelemetry

/// The durable work of embedding one revision.
public struct IndexingWork: Codable, Sendable {
    let revision: RevisionID
    let project: ProjectID
}

/// Embeds the chunks of a revision in batches, then makes the revision current. Without an embedding model the revision
/// becomes current all the same, found by words alone, and is embedded when a model is there at a later start.
public struct Indexing: Sendable {
    /// More at a time than the model can embed, since each waits for the disk now and then.
    static let job = JobType<IndexingWork>("retrieval.index", maxAttempts: 4, concurrency: 8, sharing: .fair, priority: .low)
    private static let batch = 32

    private let database: Database
    private let model: any EmbeddingModel
    private let queue: JobQueue
    private let events: Events
    private let clock: any WallClock
    private let telemetry: Telemetry
    private let embeddings = EmbeddingStore()
    private let revisions = RevisionStore()
    private let chunks = ChunkStore()

    public init(
        database: Database, model: any EmbeddingModel, queue: JobQueue, events: Events, clock: any WallClock, telemetry: Telemetry
    ) {
        (self.database, self.model, self.queue) = (database, model, queue)
        (self.events, self.clock, self.telemetry) = (events, clock, telemetry)
    }

    /// The handler to give to the job processor.
    public var handler: JobHandler {
        JobHandler(Self.job) { work, context in
            try await run(work, context)
        } gaveUp: { work, cause, connection in
            try fail(work, cause, in: connection)
        }
    }

    /// Queues the embedding of a revision whose chunks have just been stored, in the same transaction.
    public func follow(_ revision: RevisionID, _ project: ProjectID, principal: PrincipalReference?, in connection: Connection) throws {
        _ = try queue.enqueue(
            Self.job, IndexingWork(revision: revision, project: project), principal: principal, subject: revision.description,
            lane: "\(project)/\(principal?.user.description ?? "")", in: connection)
    }

    /// Queues what has no vectors of the present model yet: after a change of model, or a start without one. Without any
    /// document the model is not even loaded.
    public func catchUp() async throws {
        guard try await database.read({ try embeddings.isAnythingToEmbed(in: $0) }) else { return }
        let space = try await space(of: try await model.identity)
        try await database.write { connection in
            for missing in try embeddings.unembedded(space: space.id, in: connection) {
                try follow(missing.revision, missing.project, principal: nil, in: connection)
            }
        }
    }

    private func run(_ work: IndexingWork, _ context: JobContext) async throws {
        guard let source = try await database.read({ try revisions.source(work.revision, in: $0) }) else { return }
        do {
            try await embed(work, source, context)
        } catch let error as ParleyError where error.code == .embeddingModelMissing || error.code == .embeddingRuntimeMissing {
            telemetry.logger.warning("no embedding model: indexed by words alone", metadata: ["error": "\(error.message)"])
            let now = clock.now()
            try await database.write { try makeReady(work, source, isNews: false, at: now, in: $0) }
        }
    }

    /// Embeds batch by batch what has no vector yet, since an attempt before may have ended with its process; the last batch's
    /// transaction makes the revision ready.
    private func embed(_ work: IndexingWork, _ source: RevisionStore.Source, _ context: JobContext) async throws {
        let space = try await space(of: try await model.identity)
        var (last, isNews) = (-1, false)
        while true {
            try context.checkCancelled()
            let after = last
            let (rows, missing) = try await database.read { connection in
                let rows = try chunks.chunks(of: work.revision, after: after, limit: Self.batch, in: connection)
                let known = try embeddings.embedded(rows.map(\.id), space: space.id, in: connection)
                return (rows, rows.filter { !known.contains($0.id) })
            }
            isNews = isNews || !missing.isEmpty
            let vectors = try await telemetry.span("retrieval.embed", ["texts": .int(missing.count)]) { _ in
                missing.isEmpty ? [] : try await model.embed(missing.map(\.searchText), priority: .ingestion)
            }
            let bytes = vectors.reduce(0) { $0 + VectorBytes.count(dimensions: $1.count) }
            let isLast = rows.count < Self.batch
            let now = clock.now()
            try await database.write { [isNews] connection in
                try embeddings.put(zip(missing, vectors).map { ($0.id, $1) }, space: space.id, in: connection)
                if bytes > 0 { try revisions.add(stored: bytes, to: work.revision, in: connection) }
                if isLast {
                    try makeReady(work, source, isNews: isNews, at: now, in: connection)
                } else if let total = source.chunks, total > 0, let end = rows.last {
                    let done = min(Double(end.ordinal + 1) / Double(total), 0.999)
                    if source.state != .ready {
                        try revisions.advance(work.revision, to: .embedding, progress: 0.2 + 0.8 * done, in: connection)
                    }
                    try context.report(progress: done, "\(end.ordinal + 1) of \(total)", in: connection)
                }
            }
            guard !isLast, let end = rows.last else { return }
            last = end.ordinal
        }
    }

    private func space(of identity: EmbeddingIdentity) async throws -> EmbeddingSpace {
        if let known = try await database.read({ try embeddings.space(identity: identity.description, in: $0) }) { return known }
        let now = clock.now()
        return try await database.write { try embeddings.space(for: identity, at: now, in: $0) }
    }

    /// Nothing is told a second time when the attempt before did all of this and only its end was not recorded.
    private func makeReady(
        _ work: IndexingWork, _ source: RevisionStore.Source, isNews: Bool, at now: Timestamp, in connection: Connection
    ) throws {
        let isReady = try revisions.source(work.revision, in: connection)?.state == .ready
        guard isNews || !isReady else { return }
        try revisions.makeCurrent(work.revision, at: now, in: connection)
        try tell("document.ready", source, work, in: connection)
    }

    private func fail(_ work: IndexingWork, _ cause: GiveUpCause, in connection: Connection) throws {
        guard let source = try revisions.source(work.revision, in: connection), source.state != .ready else { return }
        let (code, message): (ErrorCode, String) =
            switch cause {
            case .failed: (.internal, "The document could not be embedded because of a fault on the server. Retry it.")
            case .endedProcess:
                (
                    .documentEndedServer,
                    "Embedding this document ended the server three times, so it was given up. Retry it after an update of the server."
                )
            }
        try revisions.fail(work.revision, code: code.name, message: message, in: connection)
        try tell("document.failed", source, work, in: connection)
    }

    private func tell(_ kind: String, _ source: RevisionStore.Source, _ work: IndexingWork, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: work.project, subject: source.document.description, actor: nil,
                payload: ["revision": .string(work.revision.description)]),
            in: connection)
    }
}
