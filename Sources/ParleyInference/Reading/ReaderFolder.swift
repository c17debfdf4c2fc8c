internal import Foundation
internal import ParleyCore

/// The reader's files: weights, vocabulary, and `reader.json`, which tells how rows are made (`Training/README.md`).
struct ReaderFolder: Sendable {
    private struct Description: Decodable {
        let version: String
        let maxTokens: Int
        let questionTokens: Int
        let overlap: Int
    }

    let modelFile: String
    let tokenizer: WordPieceTokenizer
    /// Longest row, and the most that the question may have of it, in tokens.
    let maxTokens: Int
    let questionTokens: Int
    /// Tokens that parts of a long passage share with the next.
    let overlap: Int
    let identity: String

    /// - Throws: `reader.model_missing` when a file is not there, `reader.model_unsupported` when the model is of another kind.
    init(path: String) throws(ParleyError) {
        modelFile = path + "/reader.xml"
        let unsupported = ParleyError(.readerModelUnsupported, "The reader in \(path) is of another kind; run `script/setup` again.")
        let description: Description?
        do { description = try readJSON(path + "/reader.json", as: Description.self) } catch { throw unsupported }
        guard FileManager.default.fileExists(atPath: modelFile), let json = description else {
            throw ParleyError(
                .readerModelMissing,
                "There is no reader in \(path); run `script/setup`, or set reader.model to the folder of reader.xml and reader.json.")
        }
        let isKnown = json.version.hasPrefix("1") && (64...4096).contains(json.maxTokens)
        guard isKnown, (8...json.maxTokens / 2).contains(json.questionTokens), (0...json.maxTokens / 4).contains(json.overlap) else {
            throw unsupported
        }
        do { tokenizer = try WordPieceTokenizer(folder: path) } catch {
            throw ParleyError(.readerModelMissing, "The reader in \(path) has no vocabulary; run `script/setup` again.", cause: error)
        }
        (maxTokens, questionTokens, overlap) = (json.maxTokens, json.questionTokens, json.overlap)
        var fingerprint = Fingerprint()
        for file in ["reader.xml", "reader.bin", "reader.json"] { try fingerprint.add(sampleOf: path + "/" + file) }
        identity = "reader \(json.version)@\(fingerprint)"
    }
}
