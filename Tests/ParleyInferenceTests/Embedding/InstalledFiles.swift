internal import Foundation
internal import ParleyInference
internal import ParleyTesting

extension InstalledFiles {
    static var sentenceModel: String { get throws { try path("models/all-MiniLM-L6-v2") } }
    static var runtime: String { get throws { try path("runtime/openvino") } }

    /// Read once for all tests.
    static let tokenizer = Result { try WordPieceTokenizer(folder: try sentenceModel) }
    /// Loaded once for all tests that leave its queue alone.
    static let embeddingModel = Result { OpenVINOEmbeddingModel(folder: try sentenceModel, runtime: try runtime) }
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
