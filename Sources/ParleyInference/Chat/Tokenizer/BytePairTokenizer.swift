public import ParleyCore

/// Byte-level byte-pair encoding of the GPT-2 family with single numerals, as SmolLM2 uses it.
/// Gives the ids that Hugging Face `tokenizers` gives.
public struct BytePairTokenizer: Sendable {
    /// The token that ends a turn.
    public var endOfTurn: Int64 { Int64(vocabulary.endOfTurn) }
    public var vocabularySize: Int { vocabulary.count }
    private let vocabulary: BytePairVocabulary

    /// Reads `tokenizer.bpe` of a model's folder.
    /// - Throws: `model.missing` or `inference.model_unusable`.
    public init(folder: String) throws(ParleyError) {
        vocabulary = try BytePairVocabulary(path: folder + "/tokenizer.bpe")
    }

    init(_ vocabulary: BytePairVocabulary) { self.vocabulary = vocabulary }

    /// The tokens of plain text. The names of special tokens in it are ordinary text, so a user's words can never open a turn.
    public func encode(_ text: String) -> [Int64] {
        var tokens: [Int64] = []
        tokens.reserveCapacity(text.utf8.count / 3)
        var splitter = BytePairSplitter(text)
        var merger = BytePairMerger(vocabulary)
        while let piece = splitter.next() { merger.append(piece, to: &tokens) }
        return tokens
    }

    /// The bytes of a token, which need not be whole characters; none for special tokens.
    public func bytes(of token: Int64) -> ArraySlice<UInt8> { vocabulary.text(of: Int(truncatingIfNeeded: token)) }

    /// The fewest tokens that this much text can have, known without encoding it.
    public func fewestTokens(_ text: String) -> Int { text.utf8.count / max(1, vocabulary.longestToken) }

    /// The id of a special token by its name, e.g. `<|im_start|>`.
    public func special(_ name: String) -> Int64? { vocabulary.special(name).map(Int64.init) }
}
