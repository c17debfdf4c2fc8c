internal import Foundation
internal import ParleyCore
internal import ParleyTesting
internal import Testing

@testable internal import ParleyInference

@Suite("Sentence model folder")
struct SentenceModelFolderTests {
    private let files = [
        "model.onnx": "weights", "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "config.json": #"{"max_position_embeddings": 512}"#,
    ]

    private func read(_ more: [String: String] = [:]) throws -> SentenceModelFolder {
        let folder = try TemporaryFolder(files.merging(more) { $1 })
        return try SentenceModelFolder(path: folder.path)
    }

    @Test("The installed model: mean pooling, 256 tokens, no prefixes")
    func installed() throws {
        let folder = try SentenceModelFolder(path: InstalledFiles.sentenceModel)
        #expect(folder.name == "all-MiniLM-L6-v2" && folder.pooling == .mean && folder.maxTokens == 256)
        #expect(folder.queryPrefix.isEmpty && folder.passagePrefix.isEmpty && folder.content.count == 16)
    }

    @Test("Pooling, length and prefixes come from the folder's files")
    func settings() throws {
        let plain = try read()
        #expect(plain.pooling == .mean && plain.maxTokens == 512)
        let folder = try read([
            "1_Pooling/config.json": #"{"word_embedding_dimension": 8, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#,
            "sentence_bert_config.json": #"{"max_seq_length": 900}"#,
            "config_sentence_transformers.json": #"{"prompts": {"query": "query: ", "document": "passage: "}}"#,
        ])
        #expect(folder.pooling == .cls && folder.maxTokens == 512)
        #expect(folder.queryPrefix == "query: " && folder.passagePrefix == "passage: ")
    }

    @Test("Weights, vocabulary and prefixes tell models apart; the same files give the same fingerprint")
    func fingerprint() throws {
        let plain = try read().content
        #expect(try read().content == plain)
        #expect(try read(["model.onnx": "Weights"]).content != plain)
        #expect(try read(["vocab.txt": "[PAD]\n[UNK]\n[SEP]\n[CLS]\n"]).content != plain)
        #expect(try read(["config_sentence_transformers.json": #"{"prompts": {"query": "q: "}}"#]).content != plain)
    }

    @Test("Unknown pooling is refused by name, a missing model says what to do")
    func refused() throws {
        let pooling = #"{"pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": false}"#
        let unknown = #expect(throws: ParleyError.self) { try read(["1_Pooling/config.json": pooling]) }
        #expect(unknown?.code == .embeddingModelUnsupported && unknown?.message.contains("pooling_mode_max_tokens") == true)
        let missing = #expect(throws: ParleyError.self) { try SentenceModelFolder(path: "/nowhere/model") }
        #expect(missing?.code == .embeddingModelMissing && missing?.message.contains("embedding.model") == true)
    }
}
