internal import Foundation
internal import ParleyCore

/// A sentence encoder as a folder in the layout of sentence-transformers, with its weights as ONNX.
struct SentenceModelFolder: Sendable {
    enum Pooling: String, Sendable { case mean, cls }

    let name: String
    let modelFile: String
    let tokenizer: WordPieceTokenizer
    let pooling: Pooling
    /// Longest row in tokens, marks included.
    let maxTokens: Int
    let queryPrefix: String
    let passagePrefix: String
    /// Fingerprint of weights, vocabulary and prefixes.
    let content: String

    /// - Throws: `embedding.model_missing` when a file is not there, `embedding.model_unsupported` when the model is of another kind.
    init(path: String) throws(ParleyError) {
        let candidates = [path + "/model.onnx", path + "/onnx/model.onnx"]
        guard let modelFile = candidates.first(where: FileManager.default.fileExists(atPath:)) else {
            throw ParleyError(
                .embeddingModelMissing,
                "There is no model.onnx in \(path); set embedding.model to the folder of a sentence model, or run `script/setup`.")
        }
        self.modelFile = modelFile
        name = URL(fileURLWithPath: path).lastPathComponent
        tokenizer = try WordPieceTokenizer(folder: path)
        pooling = try Self.pooling(path)
        maxTokens = try Self.maxTokens(path)
        let prompts = try readJSON(path + "/config_sentence_transformers.json", as: JSONValue.self)?["prompts"]
        queryPrefix = prompts?["query"]?.string ?? ""
        passagePrefix = prompts?["passage"]?.string ?? prompts?["document"]?.string ?? ""
        var fingerprint = Fingerprint()
        fingerprint.add(text: queryPrefix + "\u{0}" + passagePrefix)
        try fingerprint.add(sampleOf: modelFile)
        for file in ["vocab.txt", "tokenizer.json"] { try fingerprint.add(sampleOf: path + "/" + file) }
        content = fingerprint.description
    }

    private static func pooling(_ path: String) throws(ParleyError) -> Pooling {
        guard let modes = try readJSON(path + "/1_Pooling/config.json", as: JSONValue.self)?.object else { return .mean }
        let chosen = modes.filter { $0.key.hasPrefix("pooling_mode_") && $0.value.bool == true }.keys.sorted()
        switch chosen {
        case ["pooling_mode_mean_tokens"], []: return .mean
        case ["pooling_mode_cls_token"]: return .cls
        default:
            throw ParleyError(
                .embeddingModelUnsupported,
                "The model in \(path) cannot be used for embeddings: it pools by \(chosen.joined(separator: " and ")); "
                    + "Parley knows mean and cls pooling.")
        }
    }

    private static func maxTokens(_ path: String) throws(ParleyError) -> Int {
        let positions = try readJSON(path + "/config.json", as: JSONValue.self)?["max_position_embeddings"]?.int ?? 512
        let sentence = try readJSON(path + "/sentence_bert_config.json", as: JSONValue.self)?["max_seq_length"]?.int
        return Int(clamping: max(16, min(sentence ?? positions, positions, 8192)))
    }
}
