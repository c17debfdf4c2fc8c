internal import ParleyCore
internal import ParleyInference
internal import ParleyTesting
internal import Testing

@Suite("WordPiece tokenizer")
struct WordPieceTokenizerTests {
    @Test("The ids are those of the reference implementation")
    func referenceIDs() throws {
        let tokenizer = try InstalledFiles.tokenizer.get()
        for (text, ids) in tokenizerFixture {
            #expect(tokenizer.encode(text, maxTokens: 1000) == [101] + ids + [102], "\(text)")
            #expect(ids.contains(100) ? tokenizer.tokenCount(text) >= ids.count : tokenizer.tokenCount(text) == ids.count, "\(text)")
        }
    }

    @Test("Words that the vocabulary does not know count by their length")
    func unknownWords() throws {
        let tokenizer = try InstalledFiles.tokenizer.get()
        let (thai, khmer) = ("สัญญาเช่าฉบับนี้มีอายุสามปีนับจากวันที่ลงนาม", "ខ្ញុំចង់រៀនភាសាខ្មែរ")
        for text in [thai, khmer, String(repeating: "aGVsbG8", count: 100)] {
            #expect(tokenizer.tokenCount(text) >= text.utf8.count / 8, "\(text)")
            #expect(ApproximateTokenCounter().tokenCount(text) >= text.unicodeScalars.count / 4, "\(text)")
        }
        #expect(ApproximateTokenCounter().tokenCount("東京都の人口") == 6)
    }

    @Test("Long texts are cut and keep their closing mark")
    func truncation() throws {
        let tokenizer = try InstalledFiles.tokenizer.get()
        let ids = tokenizer.encode(String(repeating: "word ", count: 500), maxTokens: 16)
        #expect(ids.count == 16 && ids.first == 101 && ids.last == 102 && Set(ids[1..<15]).count == 1)
        // The limit falls between the pieces of one word.
        #expect(
            tokenizer.encode("tokenizations", maxTokens: 4) == Array(tokenizer.encode("tokenizations", maxTokens: 99).prefix(3)) + [102])
        #expect(tokenizer.encode("word", maxTokens: 2) == [101, 102])
    }

    @Test("Each token knows the scalars it came from")
    func ranges() throws {
        let tokenizer = try InstalledFiles.tokenizer.get()
        let text = "Çafé 東京 tokenizer, ok"
        let scalars = Array(text.unicodeScalars)
        let pieces = tokenizer.tokenRanges(text).map { range in
            String(String.UnicodeScalarView(scalars[range]))
        }
        #expect(pieces == ["Ç", "af", "é", "東", "京", "token", "izer", ",", "ok"] || pieces.joined() == "Çafé東京tokenizer,ok")
        for (text, ids) in tokenizerFixture {
            let ranges = tokenizer.tokenRanges(text)
            #expect(ranges.count == ids.count)
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "\(text)")
            #expect((ranges.last?.upperBound ?? 0) <= text.unicodeScalars.count)
        }
    }

    @Test("Options of tokenizer_config.json override those of tokenizer.json")
    func options() throws {
        let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nCafé\ncafé\ncafe\n##s\n"
        let fast = #"{"model": {"type": "WordPiece"}, "normalizer": {"type": "BertNormalizer", "lowercase": true}}"#
        func ids(_ config: String) throws -> [Int32] {
            let folder = try TemporaryFolder(["vocab.txt": vocabulary, "tokenizer.json": fast, "tokenizer_config.json": config])
            return try WordPieceTokenizer(folder: folder.path).encode("Cafés", maxTokens: 9)
        }
        #expect(try ids("{}") == [2, 6, 7, 3])
        #expect(try ids(#"{"do_lower_case": false}"#) == [2, 4, 7, 3])
        #expect(try ids(#"{"strip_accents": false}"#) == [2, 5, 7, 3])
        #expect(try ids(#"{"cls_token": {"content": "[SEP]"}, "sep_token": "[CLS]"}"#) == [3, 6, 7, 2])
    }

    @Test("The vocabulary may stand in tokenizer.json alone")
    func fastVocabulary() throws {
        let fast = ###"{"model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "un": 4, "##do": 5}}}"###
        let folder = try TemporaryFolder(["tokenizer.json": fast])
        #expect(try WordPieceTokenizer(folder: folder.path).encode("undo do", maxTokens: 9) == [2, 4, 5, 1, 3])
    }

    @Test(
        "Other tokenizers are refused by name",
        arguments: [
            (#"{"model": {"type": "Unigram", "vocab": [["<s>", 0.0]]}}"#, "Unigram"),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "normalizer": {"type": "Precompiled"}}"#, "Precompiled"),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 0}}}"#, "[UNK]"),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 7}}}"#, "gaps"),
            ("not JSON", "tokenizer.json"),
        ])
    func refused(file: String, named: String) throws {
        let folder = try TemporaryFolder(["tokenizer.json": file])
        let error = #expect(throws: ParleyError.self) { try WordPieceTokenizer(folder: folder.path) }
        #expect(error?.code == .embeddingModelUnsupported && error?.message.contains(named) == true, "\(error?.message ?? "")")
    }

    @Test("A folder without a vocabulary says so")
    func missing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ParleyError.self) { try WordPieceTokenizer(folder: folder.path) }
        #expect(error?.code == .embeddingModelMissing)
    }

    @Test("The approximate counter covers every visible sign and never undercounts prose by much")
    func approximation() throws {
        let counter = ApproximateTokenCounter()
        let text = "Résumé of 東京, e.g. internationalisation"
        let scalars = Array(text.unicodeScalars)
        let covered = counter.tokenRanges(text).map { String(String.UnicodeScalarView(scalars[$0])) }.joined()
        #expect(covered == text.filter { $0 != " " })
        let prose =
            "The server stores every document in a table, and each request reads a small part of the index before the answer is written."
        #expect(counter.tokenCount(prose) >= (try InstalledFiles.tokenizer.get()).tokenCount(prose))
    }
}
