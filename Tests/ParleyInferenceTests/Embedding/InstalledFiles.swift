internal import Foundation
internal import ParleyInference

/// What the set-up script installs and these tests need: PARLEY_HOME, else `.parley` in the package's folder or one above.
enum InstalledFiles {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static var sentenceModel: String { get throws { try path("models/all-MiniLM-L6-v2") } }
    static var runtime: String { get throws { try path("runtime/openvino") } }

    /// Read once for all tests.
    static let tokenizer = Result { try WordPieceTokenizer(folder: try sentenceModel) }
    /// Loaded once for all tests that leave its queue alone.
    static let embeddingModel = Result { OpenVINOEmbeddingModel(folder: try sentenceModel, runtime: try runtime) }

    /// The path of something in the installation.
    /// - Throws: a sentence that says what is missing and what to do.
    static func path(_ relative: String) throws -> String {
        let files = FileManager.default
        var homes: [String] = []
        if let home = ProcessInfo.processInfo.environment["PARLEY_HOME"] { homes.append(home) }
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            homes.append(folder.appendingPathComponent(".parley").path)
        }
        for home in homes where files.fileExists(atPath: home + "/" + relative) { return home + "/" + relative }
        throw Missing(description: "There is no \(relative) in .parley: run script/setup, or set PARLEY_HOME to the folder that has it.")
    }
}

/// A folder of files that lives as long as the value.
final class TemporaryFolder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("parley-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path + "/1_Pooling", withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name)) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
