import Library
import Logging
public import ParleyAuthority
public import ParleyCore
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
    /// Whether a question whose quotes and signs leave nothing is asked again as plain words.
    public var relaxes = false

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
    /// Whether the hits are likely to hold the answer; nil without embeddings or a calibration of their space.
    public internal(set) var answerability: Answerability?
    public internal(set) var trace: SearchTrace?
}

/// Finds passages: the question is embedded, both indexes ranked and fused, and every hit checked against the rows before
/// anyone sees it.
public struct SearchService: Sendable {
    let database: Database
    let model: any EmbeddingModel
    private let indexes: ProjectIndexes
    private let telemetry: Telemetry
    private let ranker = HybridRanker()
    private let chunks = ChunkStore()
    let calibrations = AnswerCalibrationStore()

    public init(database: Database, model: any EmbeddingModel, indexes: ProjectIndexes, telemetry: Telemetry) {
        (self.database, self.model, self.indexes, self.telemetry) = (database, model, indexes, telemetry)
    }

    public func search(_ request: SearchRequest, _ scope: ProjectScope<Search>) async throws -> SearchResult {
        let found = try await run(request, [], scope)
        guard found.hits.isEmpty, request.relaxes, QuestionLanguage.hasConditions(request.query) else { return found }
        var plain = request
        plain.query = QuestionLanguage.plain(request.query)
        let note = Degradation(
            component: "query", message: "No passage meets the question's quotes and signs: it was searched for as plain words.")
        return try await run(plain, [note], scope)
    }

    private func run(_ request: SearchRequest, _ notes: [Degradation], _ scope: ProjectScope<Search>) async throws -> SearchResult {
        let start = ContinuousClock.now
        return try await telemetry.span("retrieval.search", ["mode": .string(request.mode.rawValue)]) { span in
            var degraded = notes
            async let opened = open(request, scope.project)
            let text = request.mode == .lexical ? nil : QuestionLanguage.wanted(request.query)
            let vector = if let text { await embed(text, &degraded) } else { [Float]?.none }
            let embedded = ContinuousClock.now
            let (index, matches) = try await opened
            let words = vector == nil && matches == nil ? try await words(request, index) : matches
            let ranked = try await ranker.rank(
                words: words, vector: vector, vectors: index.vectors, filter: request.filter, limit: request.limit * 2)
            let counted = ContinuousClock.now
            let (live, calibration) = try await rows(ranked, scope.project, space: vector == nil ? nil : index.space)
            let hits = Self.passages(ranked, live, limit: request.limit)
            span.set("hits", .int(hits.count))
            let stages = [
                SearchTrace.Stage("embed", embedded - start), SearchTrace.Stage("rank", counted - embedded),
                SearchTrace.Stage("read", .now - counted),
            ]
            let trace = SearchTrace(
                query: request.query, embedded: vector == nil ? nil : text, mode: request.mode.rawValue, space: index.space,
                candidates: Self.candidates(ranked, live, hits), stages: stages)
            let answers = if let words { words.answers } else { try await index.lexical.ask(request.query) }
            let answerability = try await calibration?.judge(hits, words: answers)
            return SearchResult(
                request: request, hits: hits, degraded: degraded, duration: .now - start, answerability: answerability, trace: trace)
        }
    }

    /// What these passages tell about whether they hold the answer; nil when the question was not embedded, or nothing was found.
    public func signals(_ question: String, passages: [Passage], _ scope: ProjectScope<Search>) async throws -> AnswerSignals? {
        try await AnswerSignals(passages, words: indexes.index(of: scope.project).lexical.ask(question))
    }

    /// The calibration that judges questions now, which is the installation's and nobody's; nil when there is none for the embedding model.
    public func calibration() async throws -> AnswerCalibration? {
        let identity = try await model.identity.description
        return try await database.read { try calibrations.calibration(for: identity, in: $0) }
    }

    /// Keeps a calibration for the space that questions are embedded in now.
    /// - Throws: as the embedding model does when there is none.
    public func calibrate(_ calibration: AnswerCalibration, at now: Timestamp, _ scope: OperatorScope) async throws {
        let identity = try await model.identity
        try await database.write { connection in
            let space = try EmbeddingStore().space(for: identity, at: now, in: connection)
            try calibrations.put(calibration, of: space.id, at: now, in: connection)
        }
    }

    /// The project's index, and what the question's words match unless vectors alone were asked for: done while the model embeds.
    private func open(_ request: SearchRequest, _ project: ProjectID) async throws -> (ProjectIndex, HybridRanker.WordMatches?) {
        let index = try await indexes.index(of: project)
        return (index, request.mode == .vector ? nil : try await words(request, index))
    }

    private func words(_ request: SearchRequest, _ index: ProjectIndex) async throws -> HybridRanker.WordMatches {
        try await ranker.words(request.query, in: index.lexical, filter: request.filter, limit: request.limit * 2)
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

    private func rows(_ ranked: [RankedChunk], _ project: ProjectID, space: SpaceID?) async throws
        -> (live: [ChunkID: LiveChunk], calibration: AnswerCalibration?)
    {
        let ids = ranked.map(\.chunk)
        return try await database.read { connection in
            let rows = try chunks.live(ids, in: project, connection)
            let calibration = try space.flatMap { try calibrations.calibration(of: $0, in: connection) }
            return (Dictionary(rows.map { ($0.chunk.id, $0) }) { first, _ in first }, calibration)
        }
    }

    private static func passages(_ ranked: [RankedChunk], _ live: [ChunkID: LiveChunk], limit: Int) -> [Passage] {
        ranked.compactMap { hit in live[hit.chunk].map { (hit, $0) } }.prefix(max(0, limit)).enumerated().map { index, found in
            Passage(found.0, found.1, index: index + 1)
        }
    }

    private static func candidates(_ ranked: [RankedChunk], _ live: [ChunkID: LiveChunk], _ hits: [Passage]) -> [SearchTrace.Candidate] {
        let kept = Set(hits.map(\.chunk))
        return ranked.map { hit in
            let row = live[hit.chunk]
            let reason = row == nil ? "no longer part of a current document" : "ranked behind the passages asked for"
            return SearchTrace.Candidate(
                chunk: hit.chunk, document: row?.chunk.document, documentName: row?.documentName, rank: hit.rank, score: hit.score,
                lexical: hit.lexical.map(Passage.Part.init), vector: hit.vector.map(Passage.Part.init),
                dropped: kept.contains(hit.chunk) ? nil : reason)
        }
    }
}

extension Passage.Part {
    fileprivate init(_ part: ScorePart) { self.init(score: part.score, rank: part.rank) }
}

extension Passage {
    fileprivate init(_ hit: RankedChunk, _ live: LiveChunk, index: Int) {
        let chunk = live.chunk
        self.init(
            index: index, chunk: chunk.id, document: chunk.document, revision: chunk.revision, documentName: live.documentName,
            mediaType: live.mediaType, text: chunk.text, from: chunk.from, to: chunk.to, firstPage: chunk.firstPage,
            lastPage: chunk.lastPage, headingPath: chunk.headingPath, score: hit.score, lexical: hit.lexical.map(Part.init),
            vector: hit.vector.map(Part.init))
    }
}
