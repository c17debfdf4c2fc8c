internal import Foundation
internal import ParleyCore

/// What the files of a model folder say about its tokenizer, beyond the vocabulary.
struct TokenizerSettings: Sendable {
    var unknown = "[UNK]"
    var start = "[CLS]"
    var end = "[SEP]"
    var padding = "[PAD]"
    var continuation = "##"
    var maxWordScalars = 100
}

/// Reads a tokenizer from a Hugging Face model folder. `tokenizer_config.json` overrides `tokenizer.json`, as it does there;
/// truncation and padding written in the files are ignored.
struct TokenizerFiles {
    private let folder: String
    private let fast: FastTokenizer?
    private let config: JSONValue?

    init(folder: String) throws(ParleyError) {
        self.folder = folder
        fast = try readJSON(folder + "/tokenizer.json", as: FastTokenizer.self)
        config = try readJSON(folder + "/tokenizer_config.json", as: JSONValue.self)
    }

    func tokenizer() throws(ParleyError) -> WordPieceTokenizer {
        if let type = fast?.model.type, type != "WordPiece" { throw unsupported("its tokenizer is of the kind \(type)") }
        if let type = fast?.normalizer?.type, type != "BertNormalizer" { throw unsupported("its normalizer is of the kind \(type)") }
        let pieces = try vocabulary()
        do {
            return try WordPieceTokenizer(pieces: pieces, options: options(), settings: settings())
        } catch {
            throw unsupported("its vocabulary has no \(error.piece)")
        }
    }

    private func vocabulary() throws(ParleyError) -> [[UInt8]] {
        if let text = FileManager.default.contents(atPath: folder + "/vocab.txt") { return Self.lines(text) }
        guard let members = try readJSON(folder + "/tokenizer.json", as: FastVocabulary.self)?.model.vocab else {
            throw ParleyError(
                .embeddingModelMissing,
                "There is no vocab.txt or tokenizer.json in \(folder); set embedding.model to the folder of a sentence model, or run `script/setup`."
            )
        }
        var pieces = [[UInt8]](repeating: [], count: members.count)
        for (piece, id) in members {
            guard pieces.indices.contains(id) else { throw unsupported("the ids of its vocabulary have gaps") }
            pieces[id] = Array(piece.utf8)
        }
        return pieces
    }

    private static func lines(_ text: Data) -> [[UInt8]] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map { line in
            Array(line.last == 13 ? line.dropLast() : line)
        }
        if lines.last == [] { lines.removeLast() }
        return lines
    }

    private func options() -> BertNormalizer.Options {
        let normalizer = fast?.normalizer
        return BertNormalizer.Options(
            lowercase: config?["do_lower_case"]?.bool ?? normalizer?.lowercase ?? true,
            stripAccents: config?["strip_accents"]?.bool ?? normalizer?.stripAccents,
            separateIdeographs: config?["tokenize_chinese_chars"]?.bool ?? normalizer?.handleChineseChars ?? true,
            cleanText: normalizer?.cleanText ?? true)
    }

    private func settings() -> TokenizerSettings {
        var settings = TokenizerSettings()
        let model = fast?.model
        settings.unknown = special("unk_token") ?? model?.unkToken ?? settings.unknown
        settings.start = special("cls_token") ?? settings.start
        settings.end = special("sep_token") ?? settings.end
        settings.padding = special("pad_token") ?? settings.padding
        settings.continuation = model?.continuingSubwordPrefix ?? settings.continuation
        settings.maxWordScalars = model?.maxInputCharsPerWord ?? settings.maxWordScalars
        return settings
    }

    /// A special token of `tokenizer_config.json`: text, or an object with its text as `content`.
    private func special(_ name: String) -> String? { config?[name]?.string ?? config?[name]?["content"]?.string }

    private func unsupported(_ reason: String) -> ParleyError {
        ParleyError(
            .embeddingModelUnsupported,
            "The model in \(folder) cannot be used for embeddings: \(reason); Parley runs BERT-like models with a WordPiece vocabulary.")
    }
}

/// The parts of `tokenizer.json` that matter.
private struct FastTokenizer: Decodable {
    struct Model: Decodable {
        var type: String?
        var unkToken: String?
        var continuingSubwordPrefix: String?
        var maxInputCharsPerWord: Int?
    }
    struct Normalizer: Decodable {
        var type: String?
        var lowercase: Bool?
        var stripAccents: Bool?
        var handleChineseChars: Bool?
        var cleanText: Bool?
    }
    var model: Model
    var normalizer: Normalizer?
}

/// The vocabulary in `tokenizer.json`, read only where there is no `vocab.txt`.
private struct FastVocabulary: Decodable {
    struct Model: Decodable { var vocab: [String: Int] }
    var model: Model
}

/// A JSON file of a model folder; nil when there is none.
/// - Throws: `embedding.model_unsupported` when it does not hold what it should.
func readJSON<T: Decodable>(_ path: String, as type: T.Type) throws(ParleyError) -> T? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(type, from: data) } catch {
        throw ParleyError(
            .embeddingModelUnsupported, "The file \(path) is damaged or of an unknown form; fetch the model anew.", cause: error)
    }
}
