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
                words: words, vector: vector, vectors: index.vectors, weight: index.weight(for: request.query), filter: request.filter,
                limit: max(request.limit * 2, Self.depth))
            let counted = ContinuousClock.now
            let (found, calibration) = try await found(ranked, request, scope.project, space: vector == nil ? nil : index.space)
            let hits = found.passages
            span.set("hits", .int(hits.count))
            let stages = [
                SearchTrace.Stage("embed", embedded - start), SearchTrace.Stage("rank", counted - embedded),
                SearchTrace.Stage("read", .now - counted),
            ]
            let trace = SearchTrace(
                query: request.query, embedded: vector == nil ? nil : text, mode: request.mode.rawValue, space: index.space,
                candidates: found.candidates, stages: stages)
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

    /// Passages that are ranked, so that there are others where copies stand before them.
    private static let depth = 100

    /// What is shown of the ranking: read as far as it takes to fill the list.
    private func found(
        _ ranked: [RankedChunk], _ request: SearchRequest, _ project: ProjectID, space: SpaceID?
    ) async throws -> (FoundPassages, AnswerCalibration?) {
        let first = Array(ranked.prefix(max(0, request.limit * 2)))
        let (live, calibration) = try await rows(first, project, space: space)
        let found = FoundPassages(first, live, limit: request.limit)
        guard found.passages.count < request.limit, ranked.count > first.count else { return (found, calibration) }
        return (FoundPassages(ranked, try await rows(ranked, project, space: nil).live, limit: request.limit), calibration)
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
}
