internal import ParleyCore
internal import Synchronization

/// The reader in this process, run by OpenVINO. Nothing is loaded before it is needed.
public final class OpenVINOReader: PassageReader {
    private let loading: ReaderLoading
    private let runner: EncoderRunner<ReadingEncoder>

    /// - Parameters:
    ///   - folder: of the reader's files (setting `reader.model`).
    ///   - runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    ///   - threads: passages that are read at a time, each on one thread; 0 takes the machine's cores, at most 4.
    ///   - waitingLimit: waiting passages beyond which requests are refused.
    public init(folder: String, runtime: String, threads: Int = 0, waitingLimit: Int = 512) {
        let lanes = EncoderLanes.count(threads)
        let loading = ReaderLoading(path: folder, runtime: runtime, streams: lanes)
        let busy = ParleyError(.readerBusy, "Too many passages wait to be read; try again shortly.", retryAfter: .seconds(2))
        runner = EncoderRunner(lanes: lanes, waitingLimit: waitingLimit, busy: busy) {
            try ReadingEncoder(try loading.model(), try loading.folder())
        }
        self.loading = loading
    }

    public var identity: String { get throws { try loading.folder().identity } }

    public func checkHealth() async throws -> String {
        try loading.check()
        return try identity
    }

    public func read(_ text: String, in passages: [String]) async throws -> [Reading] {
        if passages.isEmpty { return [] }
        let folder = try loading.folder()
        let question = folder.tokenizer.ids(text)
        let read = passages.map { folder.tokenizer.tokens($0) }
        let rows = read.map { ReadingRow.rows(question, $0.ids, folder) }
        var outputs = try await runner.run(rows.joined().map(\.ids), .question)[...]
        return zip(rows, read).map { rows, passage in
            defer { outputs = outputs.dropFirst(rows.count) }
            return Reading(rows, Array(outputs.prefix(rows.count)), places: passage.ranges)
        }
    }

    public func close() async { await runner.close() }
}

/// Loads the reader's files and weights once, for all lanes.
private final class ReaderLoading: Sendable {
    private let path: String
    private let runtime: String
    private let streams: Int
    private let knownFolder = Mutex<ReaderFolder?>(nil)
    private let knownModel = Mutex<OpenVINOModel?>(nil)

    init(path: String, runtime: String, streams: Int) { (self.path, self.runtime, self.streams) = (path, runtime, streams) }

    func folder() throws(ParleyError) -> ReaderFolder {
        try knownFolder.withLock { known throws(ParleyError) in
            if let known { return known }
            let folder = try ReaderFolder(path: path)
            known = folder
            return folder
        }
    }

    /// Whether everything is there, without loading it.
    func check() throws {
        _ = try folder()
        _ = try OpenVINORuntime.library(in: runtime)
    }

    func model() throws -> OpenVINOModel {
        try knownModel.withLock { known in
            if let known { return known }
            let loaded = try OpenVINOModel(
                try OpenVINORuntime.open(directory: runtime), path: try folder().modelFile,
                properties: ["NUM_STREAMS": String(streams), "INFERENCE_NUM_THREADS": String(streams), "INFERENCE_PRECISION_HINT": "f32"])
            known = loaded
            return loaded
        }
    }
}
