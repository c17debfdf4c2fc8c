internal import Foundation
public import ParleyCore

/// A folder that `script/convert-model.py` wrote.
public enum LanguageModelFolder {
    private static let files = ["model.xml", "model.bin", "tokenizer.bpe"]

    /// - Throws: `model.missing` with what to do when a file is not there.
    public static func check(_ folder: String) throws(ParleyError) {
        guard let missing = files.first(where: { !FileManager.default.fileExists(atPath: folder + "/" + $0) }) else { return }
        throw ParleyError(
            .modelMissing,
            "The language model is not installed: there is no \(missing) in \(folder). Run `script/setup`, or set model.url to a server that speaks the OpenAI protocol."
        )
    }

    /// The model's name: the folder's.
    public static func name(_ folder: String) -> String { URL(fileURLWithPath: folder).lastPathComponent }
}
