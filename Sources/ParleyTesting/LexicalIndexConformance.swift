import ParleyCore
public import ParleyIndex
import Testing

/// What every lexical index must do. A test suite of an engine calls `run` with a maker of empty indexes.
public struct LexicalIndexConformance: Sendable {
    private let make: @Sendable () async throws -> any LexicalIndex
    private let document = DocumentID(at: Timestamp(milliseconds: 1))

    public init(_ make: @escaping @Sendable () async throws -> any LexicalIndex) { self.make = make }

    /// Every rule, each on an index of its own.
    public func run() async throws {
        try await ranksByBM25()
        try await hearsTheDocument()
        try await tellsWhatIsCovered()
        try await replacesAndRemoves()
        try await keepsConditions()
        try await findsIdentifiers()
        try await readsEveryScript()
        try await filtersBeforeRanking()
        try await takesAnyText()
    }

    private func chunk(_ text: String, title: String = "", _ attributes: ChunkAttributes? = nil) -> IndexedChunk {
        IndexedChunk(
            chunk: ChunkID(at: Timestamp(milliseconds: 1)), title: title, text: text,
            attributes: attributes ?? ChunkAttributes(document: document))
    }

    private func filled(_ texts: [String]) async throws -> (index: any LexicalIndex, chunks: [IndexedChunk]) {
        // Each text a document of its own.
        let chunks = texts.map { chunk($0, ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 1)))) }
        let index = try await make()
        try await index.upsert(chunks)
        return (index, chunks)
    }

    /// The texts found, in the order of the answer.
    private func found(_ question: String, in texts: [String], filter: SearchFilter = .none) async throws -> [String] {
        let (index, chunks) = try await filled(texts)
        let names = Dictionary(uniqueKeysWithValues: chunks.map { ($0.chunk, $0.text) })
        return try await index.ask(question).best(filter: filter, limit: 10).compactMap { names[$0.chunk] }
    }

    private func ranksByBM25() async throws {
        let (index, chunks) = try await filled(["red red fox", "red dog", "blue whale in the sea", "sea"])
        let hits = try await index.ask("red foxes").best(filter: .none, limit: 10)
        #expect(hits.map(\.chunk) == [chunks[0].chunk, chunks[1].chunk])
        #expect(hits.map(\.rank) == [1, 2])
        // N 4, mean length 11/4; red in 2, fox in 1: worked out by hand from Lucene's formula.
        #expect(abs((hits.first?.score ?? 0) - 0.950_06) < 0.000_1)
        let scores = try await index.ask("red foxes").scores(chunks.map(\.chunk))
        #expect(scores[chunks[0].chunk] == hits.first?.score)
        #expect(scores[chunks[2].chunk] == 0)
        let twice = try await index.ask("fox fox").scores([chunks[0].chunk])
        let once = try await index.ask("fox").scores([chunks[0].chunk])
        #expect(abs((twice.values.first ?? 0) - 2 * (once.values.first ?? 1)) < 0.000_1)
        #expect(try await index.ask("red sea").best(filter: .none, limit: 1).count == 1)
    }

    /// Of equal passages the one in the fitting document comes first; a document's other passages do not become hits by that.
    private func tellsWhatIsCovered() async throws {
        let (index, chunks) = try await filled(["red fox", "red dog", "blue whale", "sea"])
        let ids = chunks.map(\.chunk)
        // As if N were 1,000: ln(1 + 998.5/2.5) for red, which stands in 2, and ln(1 + 999.5/1.5) for fox and whale.
        let (red, rare) = (5.992_46, 6.503_29)
        let all = try await index.ask("the red foxes and a whale").coverage(ids)
        #expect(abs(all.best - (red + rare) / (red + 2 * rare)) < 0.000_1 && all.words == 3)
        let some = try await index.ask("the red foxes and a whale").coverage([ids[1], ids[3]])
        #expect(abs(some.best - red / (red + 2 * rare)) < 0.000_1)
        #expect(try await index.ask("a zebra").coverage(ids) == WordCoverage(best: 0, words: 1))
        #expect(try await index.ask("").coverage(ids) == WordCoverage(best: 0, words: 0))
    }

    private func hearsTheDocument() async throws {
        let other = ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 2)))
        let chunks = [
            chunk("the engine runs hot"), chunk("a walk at noon"), chunk("the engine runs hot", other),
            chunk("turbine engine parts", other),
        ]
        let index = try await make()
        try await index.upsert(chunks)
        let hits = try await index.ask("engine hot").best(filter: .none, limit: 10).map(\.chunk)
        #expect(hits == [chunks[2].chunk, chunks[0].chunk, chunks[3].chunk])
        try await index.remove(chunks: [chunks[3].chunk])
        let scores = try await index.ask("engine hot").scores([chunks[0].chunk, chunks[2].chunk, chunks[1].chunk])
        #expect(scores[chunks[2].chunk] ?? 0 > scores[chunks[0].chunk] ?? 1, "the shorter document weighs more")
        #expect(scores[chunks[1].chunk] == 0)
    }

    private func replacesAndRemoves() async throws {
        let other = ChunkAttributes(document: DocumentID(at: Timestamp(milliseconds: 2)))
        var kept = chunk("the kept apple")
        let gone = chunk("the gone apple", other)
        let index = try await make()
        try await index.upsert([kept, gone])
        let before = try await index.ask("apple").scores([kept.chunk])
        kept.text = "the new pear"
        try await index.upsert([kept])
        #expect(try await index.count() == 2)
        #expect(try await index.ask("apple").best(filter: .none, limit: 10).map(\.chunk) == [gone.chunk])
        kept.text = "the kept apple"
        try await index.upsert([kept])
        let after = try await index.ask("apple").scores([kept.chunk])
        #expect(before == after, "what was replaced no longer counts")
        try await index.remove(documents: [other.document])
        #expect(try await index.ask("gone apple").best(filter: .none, limit: 10).map(\.chunk) == [kept.chunk])
        try await index.remove(chunks: [kept.chunk, gone.chunk])
        #expect(try await index.count() == 0)
        #expect(try await index.ask("apple").best(filter: .none, limit: 10).isEmpty)
    }

    private func keepsConditions() async throws {
        let texts = ["the quick brown fox", "the brown quick fox", "quick brown foxes run"]
        #expect(Set(try await found("\"quick brown\"", in: texts)) == [texts[0], texts[2]])
        #expect(try await found("\"brown fox\"", in: texts) == [texts[0]], "a quoted word is that very word")
        #expect(try await found("fox +running", in: texts) == [texts[2]], "a required word may have another ending")
        #expect(Set(try await found("fox -run", in: texts)) == [texts[0], texts[1]])
        #expect(try await found("brown -\"quick brown\"", in: texts) == [texts[1]])
        #expect(try await found("\"fox quick\"", in: texts).isEmpty)
        let titled = chunk("brown fox", title: "Quick")
        let index = try await make()
        try await index.upsert([titled])
        #expect(try await index.ask("\"quick brown\"").best(filter: .none, limit: 1).isEmpty, "no phrase spans title and text")
        #expect(try await index.ask("quick").best(filter: .none, limit: 1).count == 1)
        #expect(try await index.ask("fox -quick").scores([titled.chunk]).isEmpty, "a barred chunk has no score")
    }

    private func findsIdentifiers() async throws {
        let texts = [
            "it says ERR_CONN-42 here", "err conn 42 apart", "call foo.bar_baz() now", "since v1.2.3 only", "2.3 of v1", "C++ or C",
        ]
        #expect(try await found("ERR_CONN-42?", in: texts).first == texts[0])
        #expect(try await found("foo.bar_baz", in: texts) == [texts[2]])
        #expect(try await found("v1.2.3", in: texts).first == texts[3])
        #expect(try await found("c++", in: texts) == [texts[5]])
        #expect(Set(try await found("\"err conn\"", in: texts)) == [texts[0], texts[1]])
    }

    private func readsEveryScript() async throws {
        let texts = ["Die Straße nach Köln", "東京都の人口", "京都の寺", "한국어 문서", "Release 🎉 party", "ﬁne ＡＢＣ x²", "Пётр и Анна", "ภาษาไทย"]
        for (question, place) in [
            ("strasse", 0), ("koln", 0), ("KÖLN", 0), ("Ko\u{308}ln", 0), ("東京", 1), ("\"東京都\"", 1), ("寺", 2), ("문서", 3), ("🎉", 4),
            ("fine abc", 5), ("петр", 6), ("ไทย", 7),
        ] {
            #expect(try await found(question, in: texts).first == texts[place], "\(question)")
        }
    }

    private func filtersBeforeRanking() async throws {
        let index = try await make()
        let early = Timestamp(milliseconds: 1_000)
        let late = Timestamp(milliseconds: 2_000)
        let one = ChunkAttributes(document: DocumentID(at: early), type: "pdf", tags: ["a", "b"], date: early)
        let two = ChunkAttributes(document: DocumentID(at: late), type: "html", tags: ["b"], date: late)
        let three = ChunkAttributes(document: DocumentID(at: late))
        let chunks = [chunk("apple apple", one), chunk("apple pie", two), chunk("an apple a day", three)]
        try await index.upsert(chunks)
        func hits(_ filter: SearchFilter) async throws -> Set<Int> {
            let hits = try await index.ask("apple").best(filter: filter, limit: 1 + chunks.count)
            return Set(hits.compactMap { hit in chunks.firstIndex { $0.chunk == hit.chunk } })
        }
        #expect(try await hits(.none) == [0, 1, 2])
        #expect(try await hits(SearchFilter(documents: [three.document])) == [2])
        #expect(try await hits(SearchFilter(tags: ["a", "z"])) == [0])
        #expect(try await hits(SearchFilter(tags: ["b"], types: ["html"])) == [1])
        #expect(try await hits(SearchFilter(from: early, to: late)) == [0])
        #expect(try await hits(SearchFilter(from: late)) == [1])
        #expect(try await index.ask("apple").best(filter: SearchFilter(documents: [three.document]), limit: 1).count == 1)
        try await index.update(documents: [three.document: ChunkAttributes(document: three.document, tags: ["a"])])
        #expect(try await hits(SearchFilter(tags: ["a"])) == [0, 2])
    }

    private func takesAnyText() async throws {
        let (index, _) = try await filled(["some text", ""])
        for question in [
            "", " ", "?", "\"", "\"\"", "+", "-", "-some", "\"unclosed text", "a:b^2~*(x)", "'; --", "\u{0}", "\u{301}", "+\"", "of the",
        ] {
            _ = try await index.ask(question).best(filter: .none, limit: 10)
        }
        #expect(try await index.ask("What is some \"text").best(filter: .none, limit: 10).count == 1)
        #expect(try await index.ask("some").best(filter: .none, limit: 0).isEmpty)
        try await index.upsert([])
        try await index.remove(chunks: [])
        #expect(try await index.count() == 2)
    }
}
