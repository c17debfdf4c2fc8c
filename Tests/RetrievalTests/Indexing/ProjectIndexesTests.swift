import ParleyCore
import ParleyDatabase
import ParleyIndex
import ParleyInference
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import Retrieval

@Suite struct ProjectIndexesTests {
    private func rows(_ shelf: Shelf, _ space: SpaceID?, after: ChunkID? = nil, limit: Int = 100) async throws -> IndexRows {
        try await shelf.database.read { try IndexRows.batch(of: shelf.project, space: space, after: after, limit: limit, in: $0) }
    }

    @Test(arguments: TestDatabases.all)
    func batchesHoldEveryLiveChunkOnce(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let (one, two) = (
                try await shelf.add(["a", "b", "c"], tags: ["x", "y"]), try await shelf.add(["d", "e"], type: "text/html")
            )
            let gone = try await shelf.add(["f"])
            _ = try await shelf.add(["g"], isCurrent: false)
            try await shelf.delete(gone.document)
            let space = try await shelf.space()
            try await shelf.database.write { try EmbeddingStore().put([(one.chunks[1], [0, 1, 0])], space: space.id, in: $0) }

            for limit in 1...6 {
                var (seen, vectors): ([ChunkID], [ChunkID]) = ([], [])
                var after: ChunkID?
                repeat {
                    let batch = try await rows(shelf, space.id, after: after, limit: limit)
                    seen += batch.chunks.map(\.chunk)
                    vectors += batch.vectors.map(\.chunk)
                    after = batch.last
                } while after != nil
                #expect(seen.count == 5 && Set(seen) == Set(one.chunks + two.chunks), "in batches of \(limit)")
                #expect(vectors == [one.chunks[1]])
            }
            let all = try await rows(shelf, space.id)
            let tagged = all.chunks.first { $0.chunk == one.chunks[0] }?.attributes
            #expect(tagged?.tags == ["x", "y"] && tagged?.type == "text/plain" && tagged?.document == one.document)
            #expect(try await rows(shelf, try await shelf.space("other").id).vectors.isEmpty, "unlike vectors never meet")
            #expect(try await rows(shelf, nil).chunks.count == 5)
        }
    }

    @Test(arguments: TestDatabases.all)
    func anIndexFollowsItsRows(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let first = try await shelf.add(["red apple", "green pear"])
            let indexes = ProjectIndexes(
                database: shelf.database, model: NoModel(),
                engines: IndexEngines(lexical: { MemoryLexicalIndex(language: $0) }, vectors: { MemoryVectorStore(dimensions: $0) }),
                clock: SystemClock(), telemetry: .silent())
            func found(_ word: String) async throws -> [ChunkID] {
                try await indexes.index(of: shelf.project).lexical.ask(word).best(filter: .none, limit: 10).map(\.chunk)
            }
            #expect(try await found("apple") == [first.chunks[0]])
            #expect(try await indexes.index(of: shelf.project).vectors == nil, "there is no model")

            let second = try await shelf.add(["blue apple"])
            #expect(try await found("blue").isEmpty)
            try await indexes.refresh(second.document, of: shelf.project)
            #expect(try await found("blue") == second.chunks)
            try await shelf.delete(first.document)
            try await indexes.refresh(first.document, of: shelf.project)
            #expect(try await found("apple") == second.chunks)
            await indexes.drop(shelf.project)
            #expect(try await found("apple") == second.chunks, "an index is made anew from the rows")
            try await indexes.refresh(second.document, of: ProjectID(at: Shelf.moment))
        }
    }

    @Test func wordsLoseTheEndingsOfTheProjectsLanguage() async throws {
        try await Shelf.with(.sqlite) { shelf in
            let indexes = ProjectIndexes(
                database: shelf.database, model: NoModel(),
                engines: IndexEngines(lexical: { MemoryLexicalIndex(language: $0) }, vectors: { MemoryVectorStore(dimensions: $0) }),
                clock: SystemClock(), telemetry: .silent())
            func found(_ word: String) async throws -> [ChunkID] {
                try await indexes.index(of: shelf.project).lexical.ask(word).best(filter: .none, limit: 10).map(\.chunk)
            }
            #expect(try await found("книга").isEmpty, "the index is there before the language is known")
            let russian = try await shelf.add(["В зале стоят высокие полки с книгами, и свет падает из окна."])
            try await indexes.refresh(russian.document, of: shelf.project)
            #expect(try await found("книга") == russian.chunks)
            let english = try await shelf.add(["The shelves in the hall are full of books, and light falls through the window."])
            try await indexes.refresh(english.document, of: shelf.project)
            #expect(try await found("book") == english.chunks, "with several languages it is English as before")
        }
    }

    /// An embedding model that is not installed.
    private struct NoModel: EmbeddingModel {
        var identity: EmbeddingIdentity {
            get async throws { throw ParleyError(.embeddingModelMissing, "There is no model.") }
        }
        var contentTokenLimit: Int { 254 }
        func embed(_ texts: [String], priority: InferencePriority) async throws -> [[Float]] {
            _ = try await identity
            return []
        }
        func tokenCount(_ text: String) -> Int { 1 }
        func tokenRanges(_ text: String) -> [Range<Int>] { [] }
    }
}
