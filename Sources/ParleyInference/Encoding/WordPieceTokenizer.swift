public import ParleyCore

/// The tokenizer of BERT-like sentence encoders (WordPiece, Wu et al. 2016), giving the ids of Hugging Face's `tokenizers`.
///
/// One difference is meant: names of special tokens that stand in a text, like `[SEP]`, stay text.
public struct WordPieceTokenizer: TokenCounting {
    let vocabulary: WordPieceVocabulary
    let normalizer: BertNormalizer
    let continuation: [UInt8]
    let continuationHash: UInt64
    let maxWordScalars: Int
    let unknown: Int32
    /// The marks around every text, and what fills up a row.
    let start: Int32
    let end: Int32
    let padding: Int32

    /// Marks that `encode` puts around a text.
    public static let marks = 2

    /// Reads the tokenizer of a model folder: `vocab.txt` or `tokenizer.json`, and `tokenizer_config.json` where it exists.
    /// - Throws: `embedding.model_missing` when there are no such files, `embedding.model_unsupported` when they describe another kind.
    public init(folder: String) throws(ParleyError) {
        self = try TokenizerFiles(folder: folder).tokenizer()
    }

    init(pieces: [[UInt8]], options: BertNormalizer.Options, settings: TokenizerSettings) throws(MissingPiece) {
        vocabulary = WordPieceVocabulary(pieces)
        normalizer = BertNormalizer(options)
        continuation = Array(settings.continuation.utf8)
        continuationHash = WordPieceVocabulary.hash(continuation[...])
        maxWordScalars = settings.maxWordScalars
        unknown = try vocabulary.required(settings.unknown)
        start = try vocabulary.required(settings.start)
        end = try vocabulary.required(settings.end)
        padding = try vocabulary.required(settings.padding)
    }

    /// The ids of a text between the model's marks.
    /// - Parameter maxTokens: marks included; what is beyond is cut off.
    public func encode(_ text: String, maxTokens: Int) -> [Int32] {
        [start] + scan(text, limit: max(0, maxTokens - Self.marks)).ids + [end]
    }

    /// The ids of a text without marks.
    func ids(_ text: String) -> [Int32] { scan(text, limit: .max).ids }

    /// The ids of a text without marks, and the Unicode scalars that each stands for.
    func tokens(_ text: String) -> (ids: [Int32], ranges: [Range<Int>]) {
        var scan = WordPieceScan(self, limit: .max, wantsRanges: true)
        scan.run(text)
        return (scan.ids, scan.ranges)
    }

    /// A word that the vocabulary does not know counts as one token for four bytes, as it would elsewhere: the model sees one token, but of a
    /// script without spaces a whole page would be one word.
    public func tokenCount(_ text: String) -> Int {
        let scan = scan(text, limit: .max)
        return scan.ids.count + scan.unseen
    }

    /// Ranges are empty where one scalar gives several tokens.
    public func tokenRanges(_ text: String) -> [Range<Int>] {
        tokens(text).ranges
    }

    private func scan(_ text: String, limit: Int) -> WordPieceScan {
        var scan = WordPieceScan(self, limit: limit, wantsRanges: false)
        scan.run(text)
        return scan
    }
}

/// A special token that the vocabulary lacks.
struct MissingPiece: Error {
    let piece: String
}

extension WordPieceVocabulary {
    fileprivate func required(_ piece: String) throws(MissingPiece) -> Int32 {
        guard let id = id(piece) else { throw MissingPiece(piece: piece) }
        return id
    }
}
