import ParleyCore
public import ParleyIndex
import Testing

/// What every vector store must do. A test suite of an engine calls `run` with a maker of empty stores of given dimensions.
public struct VectorStoreConformance: Sendable {
    private let make: @Sendable (_ dimensions: Int) async throws -> any VectorStore

    public init(_ make: @escaping @Sendable (_ dimensions: Int) async throws -> any VectorStore) { self.make = make }

    /// Every rule, each on a store of its own.
    public func run() async throws {
        try await findsTheNearest()
        try await replacesAndRemoves()
        try await letsTheNearestWindowSpeak()
        try await filtersBeforeRanking()
        try await refusesOddVectors()
    }

    private func vector(_ numbers: [Float], _ attributes: ChunkAttributes? = nil) -> IndexedVector {
        IndexedVector(
            chunk: ChunkID(at: Timestamp(milliseconds: 1)), vector: numbers,
            attributes: attributes ?? ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 1))))
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    private func findsTheNearest() async throws {
        var random = SeededGenerator(state: 7)
        let vectors = (0..<500).map { _ in vector((0..<50).map { _ in Float.random(in: -1...1, using: &random) }) }
        let store = try await make(50)
        for start in stride(from: 0, to: 500, by: 50) { try await store.upsert(Array(vectors[start..<start + 50])) }
        let question = (0..<50).map { _ in Float.random(in: -1...1, using: &random) }
        let exact = vectors.map { ($0.chunk, cosine($0.vectors[0], question)) }.sorted { $0.1 > $1.1 }
        let hits = try await store.search(question, filter: .none, limit: 20)
        #expect(hits.map(\.chunk) == exact.prefix(20).map(\.0))
        #expect(hits.map(\.rank) == Array(1...20))
        for (hit, truth) in zip(hits, exact) { #expect(abs(hit.score - truth.1) < 0.001) }
        let scores = try await store.scores(question, chunks: [exact[400].0])
        #expect(abs((scores[exact[400].0] ?? 9) - exact[400].1) < 0.001)
    }

    private func replacesAndRemoves() async throws {
        let store = try await make(3)
        let other = ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 2)))
        var kept = vector([1, 0, 0])
        let gone = vector([0, 1, 0], other)
        try await store.upsert([kept, gone])
        kept.vectors = [[0, 0, 2]]
        try await store.upsert([kept])
        #expect(try await store.count() == 2)
        let hits = try await store.search([0, 0, 1], filter: .none, limit: 5)
        #expect(try await store.center() == [0, 0.5, 0.5])
        #expect(hits.first?.chunk == kept.chunk && hits.count == 2)
        try await store.remove(documents: [other.document])
        #expect(try await store.search([0, 1, 0], filter: .none, limit: 5).map(\.chunk) == [kept.chunk])
        #expect(try await store.scores([0, 1, 0], chunks: [gone.chunk]).isEmpty)
        try await store.remove(chunks: [kept.chunk])
        #expect(try await store.count() == 0)
        #expect(try await store.center() == [0, 0, 0])
        #expect(try await store.search([0, 1, 0], filter: .none, limit: 5).isEmpty)
    }

    private func letsTheNearestWindowSpeak() async throws {
        let store = try await make(3)
        var long = vector([1, 0, 0])
        long.vectors = [[1, 0, 0], [0, 1, 0], [1, 1, 0]]
        let short = vector([0.6, 0, 0.8])
        try await store.upsert([long, short])
        let hits = try await store.search([0, 1, 0], filter: .none, limit: 10)
        #expect(hits.map(\.chunk) == [long.chunk, short.chunk])
        #expect(hits.map(\.rank) == [1, 2])
        #expect(abs((hits.first?.score ?? 0) - 1) < 0.001)
        #expect(try await store.scores([0, 1, 0], chunks: [long.chunk])[long.chunk] == hits.first?.score)
        #expect(try await store.search([1, 0, 0], filter: .none, limit: 1).map(\.chunk) == [long.chunk])
        #expect(try await store.count() == 2)
        long.vectors = []
        try await store.upsert([long])
        #expect(try await store.search([0, 1, 0], filter: .none, limit: 10).map(\.chunk) == [short.chunk])
    }

    private func filtersBeforeRanking() async throws {
        let store = try await make(2)
        let wanted = ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 9)), tags: ["wanted"])
        try await store.upsert((0..<200).map { _ in vector([1, 0.1]) })
        let far = vector([-1, 0], wanted)
        try await store.upsert([far])
        #expect(try await store.search([1, 0], filter: SearchFilter(tags: ["wanted"]), limit: 1).map(\.chunk) == [far.chunk])
        try await store.update(documents: [wanted.document: ChunkAttributes(document: wanted.document, tags: ["other"])])
        #expect(try await store.search([1, 0], filter: SearchFilter(tags: ["wanted"]), limit: 1).isEmpty)
    }

    private func refusesOddVectors() async throws {
        let store = try await make(2)
        for odd: [Float] in [[], [1], [1, 2, 3], [0, 0], [.nan, 1], [.infinity, 1]] {
            await #expect(throws: ParleyError.self) { try await store.upsert([vector([1, 0]), vector(odd)]) }
            await #expect(throws: ParleyError.self) { _ = try await store.search(odd, filter: .none, limit: 1) }
        }
        #expect(try await store.count() == 0)
        #expect(try await store.search([1, 0], filter: .none, limit: 0).isEmpty)
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
