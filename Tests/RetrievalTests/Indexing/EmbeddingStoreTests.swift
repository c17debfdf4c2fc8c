import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Retrieval

@Suite struct EmbeddingStoreTests {
    private let store = EmbeddingStore()

    @Test(arguments: TestDatabases.all)
    func everyIdentityHasOneSpace(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let first = try await shelf.space("one")
            #expect(try await shelf.space("one") == first)
            #expect(try await shelf.space("two").id != first.id)
            #expect(try await shelf.space("one", dimensions: 4).id != first.id)
            #expect(first.dimensions == 3)
        }
    }

    @Test(arguments: TestDatabases.all)
    func whatHasNoVectorsOfAModelIsFound(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let (one, two, gone, hidden) = (
                try await shelf.add(["a", "b"]), try await shelf.add(["c"]), try await shelf.add(["d"]),
                try await shelf.add(["e"], isCurrent: false)
            )
            try await shelf.delete(gone.document)
            let (space, other) = (try await shelf.space("one"), try await shelf.space("two"))
            func missing(_ space: EmbeddingSpace) async throws -> Set<RevisionID> {
                try await shelf.database.read { [store] in Set(try store.unembedded(space: space.id, in: $0).map(\.revision)) }
            }
            #expect(try await missing(space) == [one.revision, two.revision], "\(hidden.revision) is not current")
            let chunks = one.chunks
            try await shelf.database.write { [store] in try store.put([(chunks[0], [1, 0, 0])], space: space.id, in: $0) }
            #expect(try await missing(space) == [one.revision, two.revision], "half a revision is not enough")
            try await shelf.database.write { [store] in try store.put(chunks.map { ($0, [0, 1, 0]) }, space: space.id, in: $0) }
            #expect(try await missing(space) == [two.revision])
            #expect(try await missing(other) == [one.revision, two.revision], "unlike models do not share vectors")
        }
    }

    @Test func vectorsKeepTheirBits() {
        let vector: [Float] = [0, -0.0, 1.5, .pi, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]
        #expect(VectorBytes.vector(VectorBytes.bytes(vector)).map(\.bitPattern) == vector.map(\.bitPattern))
        #expect(VectorBytes.bytes([1]) == [0, 0, 0x80, 0x3F])
        #expect(VectorBytes.vector([1, 2, 3]).isEmpty && VectorBytes.vector([]).isEmpty)
    }
}
