internal import ParleyTesting

@testable import ParleyInference

/// The language model that the set-up script installs.
enum InstalledModel {
    static var folder: String { get throws { try InstalledFiles.path("models/SmolLM2-135M-Instruct") } }

    /// Read once for all tests.
    static let tokenizer = Result { try BytePairTokenizer(folder: try folder) }
    /// Loaded once for all tests, with room for one that waits.
    static let model = Result {
        var options = LocalLanguageModel.Options()
        (options.waitingLimit, options.contextWindow) = (1, 512)
        return try LocalLanguageModel(folder: try folder, runtime: try InstalledFiles.runtime, options: options)
    }
}

/// An answer read to its end.
struct ReadAnswer: Equatable {
    var text = ""
    var reasoning = ""
    var finish: ChatFinish?
    var usage: ChatUsage?

    init(_ chunks: AsyncThrowingStream<ChatChunk, any Error>) async throws {
        for try await chunk in chunks {
            switch chunk {
            case .text(let piece): text += piece
            case .reasoning(let piece): reasoning += piece
            case .withdrawn: text = ""
            case .finished(let finish, let usage): (self.finish, self.usage) = (finish, usage)
            }
        }
    }
}
