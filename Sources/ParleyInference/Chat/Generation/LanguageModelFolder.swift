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
            "The language model is not installed: there is no \(missing) in \(folder). Run `script/setup --language-model`, or set model.url to a server that speaks the OpenAI protocol."
        )
    }

    /// Tells the folder's weights and tokenizer from others; `missing` where they cannot be read.
    static func fingerprint(_ folder: String) -> String {
        var fingerprint = Fingerprint()
        do {
            for file in files { try fingerprint.add(sampleOf: folder + "/" + file) }
        } catch {
            return "missing"
        }
        return fingerprint.description
    }

    /// The model's name: the folder's.
    public static func name(_ folder: String) -> String { URL(fileURLWithPath: folder).lastPathComponent }
}
