import ParleyCore
import ParleyIndex
import Testing

@testable import Retrieval

@Suite struct HybridRankerTests {
    private let lexical = MemoryLexicalIndex()
    private let vectors = MemoryVectorStore(dimensions: 3)
    private let ids = (0..<4).map { _ in ChunkID(at: Timestamp(milliseconds: 1)) }

    init() async throws {
        let texts = ["solar power plants", "wind power at sea", "the price of energy", "a cat"]
        let directions: [[Float]] = [[1, 0, 0.2], [0.7, 0.7, 0.2], [0.9, 0.3, 0.2], [-0.1, 0, 1]]
        for (id, (text, direction)) in zip(ids, zip(texts, directions)) {
            let attributes = ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 1)), type: text.contains("cat") ? "pet" : "")
            try await lexical.upsert([IndexedChunk(chunk: id, text: text, attributes: attributes)])
            try vectors.upsert([IndexedVector(chunk: id, vector: direction, attributes: attributes)])
        }
    }

    private func places(_ question: String, _ vector: [Float]?, filter: SearchFilter = .none, depth: Int = 100) async throws -> [Int] {
        try await ranked(question, vector, filter: filter, depth: depth).compactMap { ids.firstIndex(of: $0.chunk) }
    }

    private func ranked(
        _ question: String, _ vector: [Float]?, filter: SearchFilter = .none, depth: Int = 100, limit: Int = 4
    ) async throws -> [RankedChunk] {
        var configuration = HybridRanker.Configuration()
        configuration.depth = depth
        let ranker = HybridRanker(configuration)
        let words = try await ranker.words(question, in: lexical, filter: filter, limit: limit)
        return try await ranker.rank(words: words, vector: vector, vectors: vectors, filter: filter, limit: limit)
    }

    @Test func bothSidesCount() async throws {
        #expect(try await places("solar power", [1, 0, 0]) == [0, 2, 1, 3])
        #expect(try await places("cat energy", [0, 0, 1]).first == 3)
        let hits = try await ranked("solar power", [1, 0, 0])
        #expect(hits.map(\.rank) == [1, 2, 3, 4])
        #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
        #expect(hits[0].lexical?.rank == 1 && hits[0].vector?.rank == 1)
        #expect(hits[1].lexical == ScorePart(score: 0, rank: nil), "scored though outside the list")
    }

    @Test func whatOnlyOneSideListsIsScoredByTheOther() async throws {
        let hits = try await ranked("wind", [1, 0, 0], depth: 1, limit: 1)
        #expect(hits.count == 1)
        let both = try await ranked("wind", [1, 0, 0], filter: SearchFilter(documents: nil))
        let wind = both.first { $0.chunk == ids[1] }
        #expect(abs((wind?.vector?.score ?? 0) - 0.7 / 1.02.squareRoot()) < 0.001)
    }

    @Test func meaningOfNoWeightOnlyOrdersWhatWordsLeaveEqual() async throws {
        let ranker = HybridRanker()
        let words = try await ranker.words("solar power", in: lexical, limit: 4)
        let hits = try await ranker.rank(words: words, vector: [-0.1, 0, 1], vectors: vectors, weight: 0, limit: 4)
        #expect(hits.map(\.chunk) == [0, 1, 3, 2].map { ids[$0] })
        #expect(hits.map(\.score).suffix(2) == [0, 0])
    }

    @Test func conditionsAndFiltersBindBothSides() async throws {
        #expect(try await places("\"power plants\"", [0.7, 0.7, 0.2]) == [0])
        #expect(try await places("power -sea", [0.7, 0.7, 0.2]).sorted() == [0, 2, 3])
        #expect(try await places("\"no such phrase\"", [1, 0, 0]).isEmpty)
        #expect(try await places("solar power", [1, 0, 0], filter: SearchFilter(types: ["pet"])) == [3])
    }

    @Test func eachSideAnswersAlone() async throws {
        #expect(try await places("power", nil).sorted() == [0, 1])
        let ranker = HybridRanker()
        let near = try await ranker.rank(words: nil, vector: [0, 0, 1], vectors: vectors, limit: 1)
        #expect(near.map(\.chunk) == [ids[3]])
        #expect(near.first?.lexical == nil)
        #expect(try await places("полюс", [1, 0, 0]).first == 0, "a question without a known word is answered by meaning")
        #expect(try await ranker.rank(words: nil, vector: nil, vectors: nil, limit: 1).isEmpty)
    }

    @Test func scalesMeanTheSameForEveryModel() {
        let candidates = ids.prefix(2).enumerated().map { FusionCandidate(chunk: $0.element, lexical: $0.offset == 0 ? 8 : 0, vector: nil) }
        var (low, high) = (candidates, candidates)
        for (index, cosine) in [0.1, 0.6].enumerated() {
            low[index].vector = cosine
            // The same passages in a model whose cosines all lie above 0.8.
            high[index].vector = 0.8 + 0.2 * cosine
        }
        let fusion = Fusion(vectorWeight: 2)
        for (a, b) in zip(fusion.scores(low, meanCosine: 0), fusion.scores(high, meanCosine: 0.8)) { #expect(abs(a - b) < 1e-9) }
        #expect(fusion.scores([], meanCosine: 1).isEmpty)
        let degenerate = fusion.scores(low, meanCosine: 1)
        #expect(degenerate.filter(\.isFinite).count == 2)
    }
}
