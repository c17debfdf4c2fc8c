public import ParleyCore
public import ParleyDatabase
import ParleyIndex
public import ParleyInference
public import ParleyTelemetry

/// The indexes of the projects that were searched, each loaded from the rows on first use and dropped at will: rows are the
/// truth, an index is a shadow of them.
public actor ProjectIndexes {
    private static let batch = 1000

    private let database: Database
    private let model: any EmbeddingModel
    private let engines: IndexEngines
    private let clock: any WallClock
    private let telemetry: Telemetry
    private var loaded: [ProjectID: Task<ProjectIndex, any Error>] = [:]

    public init(
        database: Database, model: any EmbeddingModel, engines: IndexEngines, clock: any WallClock, telemetry: Telemetry
    ) {
        (self.database, self.model, self.engines) = (database, model, engines)
        (self.clock, self.telemetry) = (clock, telemetry)
    }

    /// The project's index; the first caller loads it and others wait for that.
    func index(of project: ProjectID) async throws -> ProjectIndex {
        if let task = loaded[project] { return try await task.value }
        let task = Task { try await load(project) }
        loaded[project] = task
        do {
            return try await task.value
        } catch {
            loaded[project] = nil
            throw error
        }
    }

    /// Brings one document of a loaded project in line with its rows.
    func refresh(_ document: DocumentID, of project: ProjectID) async throws {
        guard let index = try await loaded[project]?.value else { return }
        let rows = try await database.read { [space = index.space] in
            try IndexRows.batch(of: project, document: document, space: space, after: nil, limit: .max, in: $0)
        }
        try await index.lexical.remove(documents: [document])
        try await index.vectors?.remove(documents: [document])
        index.languages.add(rows.chunks.map(\.text))
        // What is indexed by another language's endings would not be found.
        guard index.stemming == index.languages.stemming else { return drop(project) }
        try await add(rows, to: index)
    }

    /// Forgets a project's index.
    func drop(_ project: ProjectID) { loaded[project] = nil }

    private func load(_ project: ProjectID) async throws -> ProjectIndex {
        try await telemetry.span("retrieval.load_index") { span in
            let space = try await space()
            var rows = try await batch(of: project, space, after: nil)
            let languages = LanguageTally()
            languages.add(rows.chunks.map(\.text))
            let stemming = languages.stemming
            let index = ProjectIndex(
                lexical: engines.lexical(stemming), vectors: space.map { engines.vectors($0.dimensions) }, space: space?.id,
                weights: MeaningWeights(identity: space?.identity), languages: languages, stemming: stemming)
            try await add(rows, to: index)
            var count = rows.chunks.count
            while let last = rows.last {
                rows = try await batch(of: project, space, after: last)
                try await add(rows, to: index)
                count += rows.chunks.count
            }
            span.set("chunks", .int(count))
            return index
        }
    }

    private func batch(of project: ProjectID, _ space: EmbeddingSpace?, after: ChunkID?) async throws -> IndexRows {
        try await database.read { try IndexRows.batch(of: project, space: space?.id, after: after, limit: Self.batch, in: $0) }
    }

    private func add(_ rows: IndexRows, to index: ProjectIndex) async throws {
        try await index.lexical.upsert(rows.chunks)
        try await index.vectors?.upsert(rows.vectors)
    }

    /// The space of the present model; nil when there is no model.
    private func space() async throws -> EmbeddingSpace? {
        guard let identity = try? await model.identity else { return nil }
        let now = clock.now()
        return try await database.write { try EmbeddingStore().space(for: identity, at: now, in: $0) }
    }
}
