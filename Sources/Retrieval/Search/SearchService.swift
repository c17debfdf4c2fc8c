import Library
import Logging
public import ParleyAuthority
import ParleyCore
public import ParleyDatabase
public import ParleyIndex
public import ParleyInference
public import ParleyTelemetry

/// A question to a project's chunks.
public struct SearchRequest: Sendable {
    public var query: String
    public var limit: Int
    public var mode: SearchMode
    public var filter: SearchFilter

    public init(query: String, limit: Int = 10, mode: SearchMode = .hybrid, filter: SearchFilter = .none) {
        (self.query, self.limit, self.mode, self.filter) = (query, limit, mode, filter)
    }
}

/// What was found.
public struct SearchResult: Sendable {
    public let request: SearchRequest
    public let hits: [Passage]
    public let degraded: [Degradation]
    public let duration: Duration
}

/// Finds passages: the question is embedded, both indexes ranked and fused, and every hit checked against the rows before
/// anyone sees it.
public struct SearchService: Sendable {
    private let database: Database
    private let model: any EmbeddingModel
    private let indexes: ProjectIndexes
    private let telemetry: Telemetry
    private let ranker = HybridRanker()
    private let chunks = ChunkStore()

    public init(database: Database, model: any EmbeddingModel, indexes: ProjectIndexes, telemetry: Telemetry) {
        (self.database, self.model, self.indexes, self.telemetry) = (database, model, indexes, telemetry)
    }

    public func search(_ request: SearchRequest, _ scope: ProjectScope) async throws -> SearchResult {
        let start = ContinuousClock.now
        return try await telemetry.span("retrieval.search", ["mode": .string(request.mode.rawValue)]) { span in
            var degraded: [Degradation] = []
            async let loading = indexes.index(of: scope.project)
            let vector = request.mode == .lexical ? nil : await embed(request.query, &degraded)
            let index = try await loading
            let ranked = try await ranker.rank(
                question: request.query, vector: vector, lexical: request.mode == .vector && vector != nil ? nil : index.lexical,
                vectors: index.vectors, filter: request.filter, limit: request.limit * 2)
            let hits = try await passages(ranked, limit: request.limit, in: scope.project)
            span.set("hits", .int(hits.count))
            return SearchResult(request: request, hits: hits, degraded: degraded, duration: .now - start)
        }
    }

    /// The question's vector; nil, with the reason noted, when it cannot be had.
    private func embed(_ query: String, _ degraded: inout [Degradation]) async -> [Float]? {
        do {
            return try await telemetry.span("retrieval.embed_question") { _ in try await model.embed([query], priority: .question).first }
        } catch {
            let reason = (error as? ParleyError)?.message ?? "The embedding model failed."
            telemetry.logger.warning("question not embedded", metadata: ["error": "\(error)"])
            degraded.append(Degradation(component: "embedding", message: reason + " Words were matched, not meaning."))
            return nil
        }
    }

    private func passages(_ ranked: [RankedChunk], limit: Int, in project: ProjectID) async throws -> [Passage] {
        let ids = ranked.map(\.chunk)
        let rows = try await database.read { try chunks.live(ids, in: project, $0) }
        let live = Dictionary(rows.map { ($0.chunk.id, $0) }) { first, _ in first }
        return ranked.compactMap { hit in live[hit.chunk].map { (hit, $0) } }.prefix(limit).enumerated().map { index, found in
            Passage(found.0, found.1, index: index + 1)
        }
    }
}

extension Passage {
    fileprivate init(_ hit: RankedChunk, _ live: LiveChunk, index: Int) {
        let chunk = live.chunk
        self.init(
            index: index, chunk: chunk.id, document: chunk.document, revision: chunk.revision, documentName: live.documentName,
            mediaType: live.mediaType, text: chunk.text, from: chunk.from, to: chunk.to, firstPage: chunk.firstPage,
            lastPage: chunk.lastPage,
            headingPath: chunk.headingPath, score: hit.score, lexical: hit.lexical.map { Part(score: $0.score, rank: $0.rank) },
            vector: hit.vector.map { Part(score: $0.score, rank: $0.rank) })
    }
}
