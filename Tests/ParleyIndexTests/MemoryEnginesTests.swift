import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyIndex

@Suite struct MemoryEnginesTests {
    @Test func lexicalIndexConforms() async throws {
        try await LexicalIndexConformance { MemoryLexicalIndex() }.run()
    }

    @Test(arguments: [false, true]) func vectorStoreConforms(portable: Bool) async throws {
        try await VectorStoreConformance { MemoryVectorStore(dimensions: $0, kernel: portable ? .portable : .best) }.run()
    }

    private func chunk(_ number: Int, _ text: String) -> IndexedChunk {
        let id = ChunkID("chk_" + String(repeating: "0", count: 20) + String(100_000 + number))
        return IndexedChunk(
            chunk: id ?? ChunkID(at: Timestamp(milliseconds: 1)), text: text,
            attributes: ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 1))))
    }

    @Test(arguments: [
        ("fr", "les stations fermées continuellement", "continuelle"), ("es", "las canciones viejas", "canción"),
        ("ru", "полка с книгами", "книга"), ("el", "οι σταθμοί", "σταθμός"), ("ar", "كل المحطات", "محطة"), ("en", "running water", "runs"),
        ("zh", "running water", "runs"),
    ]) func endingsAreThoseOfTheLanguage(code: String, text: String, word: String) async throws {
        let index = MemoryLexicalIndex(language: TextLanguage(code))
        try await index.upsert([chunk(1, text)])
        #expect(index.answers(word).best(filter: .none, limit: 1).count == 1)
        #expect(index.answers("\"\(word)\"").best(filter: .none, limit: 1).isEmpty, "a quotation keeps its endings")
    }

    @Test func manySmallBatchesRankLikeOneBigOne() async throws {
        let words = ["alpha", "beta", "gamma", "running", "runs", "delta", "epsilon", "東京", "x-1"]
        let chunks = (0..<120).map { number in
            chunk(number, (0...number % 7).map { words[(number * 5 + $0 * 3) % words.count] }.joined(separator: " "))
        }
        let whole = MemoryLexicalIndex()
        try await whole.upsert(chunks)
        let pieces = MemoryLexicalIndex()
        for piece in chunks.reversed() { try await pieces.upsert([chunk(0, "never seen"), piece]) }
        try await pieces.upsert([chunks[0]])
        for question in ["alpha run", "\"beta runs\"", "beta -gamma", "\"東京\" x-1", "epsilon +delta", "\"runs\""] {
            #expect(
                pieces.answers(question).best(filter: .none, limit: 400) == whole.answers(question).best(filter: .none, limit: 400),
                "\(question)")
            #expect(!whole.answers(question).best(filter: .none, limit: 1).isEmpty, "\(question)")
        }
        pieces.remove(chunks: chunks[20...].map(\.chunk))
        whole.remove(chunks: chunks[20...].map(\.chunk))
        let few = MemoryLexicalIndex()
        try await few.upsert(Array(chunks[..<20]))
        for index in [pieces, whole] {
            #expect(index.answers("alpha run").best(filter: .none, limit: 99) == few.answers("alpha run").best(filter: .none, limit: 99))
        }
    }

    @Test func readsRunBesideWrites() async throws {
        let index = MemoryLexicalIndex()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for number in 0..<100 { try await index.upsert([chunk(2 * number, "pair word"), chunk(2 * number + 1, "pair word")]) }
                return true
            }
            for _ in 0..<3 {
                group.addTask {
                    (0..<50).allSatisfy { _ in index.answers("pair").best(filter: .none, limit: 1000).count.isMultiple(of: 2) }
                }
            }
            for try await isWhole in group { #expect(isWhole, "a batch is seen wholly or not at all") }
        }
        #expect(index.count() == 200)
    }
}
