internal import ParleyCore

/// A loaded model of sentences, shared by the encoders that run it.
struct SentenceModel: Sendable {
    let folder: SentenceModelFolder
    let runtime: String
    let compiled: OpenVINOModel

    /// - Parameter streams: inferences that run at the same time, each on one thread.
    init(_ folder: SentenceModelFolder, runtime directory: String, streams: Int) throws {
        let runtime = try OpenVINORuntime.open(directory: directory)
        // Where the machine has bf16, OpenVINO would use it: the vectors would then differ from machine to machine.
        compiled = try OpenVINOModel(
            runtime, path: folder.modelFile,
            properties: ["NUM_STREAMS": String(streams), "INFERENCE_NUM_THREADS": String(streams), "INFERENCE_PRECISION_HINT": "f32"])
        self.folder = folder
        self.runtime = "openvino-" + runtime.version.split(separator: ".").prefix(2).joined(separator: ".")
    }
}

/// Runs a sentence model: rows of token ids in, vectors of length 1 out. Belongs to one thread at a time.
struct SentenceEncoder: RowEncoder {
    let dimensions: Int
    private let model: SentenceModel
    private let encoder: OpenVINOEncoder

    /// Runs the model once, which tells its dimensions.
    init(_ model: SentenceModel) throws {
        self.model = model
        encoder = try OpenVINOEncoder(model.compiled)
        // The longest row first: OpenVINO then sizes its buffers once, instead of anew for each longer text (a quarter less memory).
        let folder = model.folder
        let longest = [Int32](repeating: folder.tokenizer.unknown, count: folder.maxTokens)
        let probe = TokenBatch([longest], padding: folder.tokenizer.padding, maxTokens: folder.maxTokens)
        dimensions = try encoder.run(probe) { _, width in width }
    }

    private var folder: SentenceModelFolder { model.folder }

    var identity: EmbeddingIdentity {
        EmbeddingIdentity(
            model: folder.name, content: folder.content, runtime: model.runtime, pooling: folder.pooling.rawValue,
            maxTokens: folder.maxTokens, dimensions: dimensions)
    }

    /// One vector for each row; rows should be of similar length.
    func outputs(_ rows: [[Int32]]) throws -> [[Float]] {
        let batch = TokenBatch(rows, padding: folder.tokenizer.padding, maxTokens: folder.maxTokens)
        return try encoder.run(batch) { output, width in
            let perRow = output.count / rows.count  // fits: `run` refuses a batch without rows
            guard width == dimensions, perRow >= width else {
                throw ParleyError(failed: OpenVINOFailure(description: "the output is too small"))
            }
            return rows.indices.map { row in
                // A model that pools by itself gives one vector for each row; the others one for each token.
                // fits: the model's dimensions are above 0
                let tokens = perRow == width || folder.pooling == .cls ? 1 : min(rows[row].count, perRow / width)
                return Self.pooled(UnsafeBufferPointer(rebasing: output[row * perRow..<row * perRow + tokens * width]), width: width)
            }
        }
    }

    /// The mean of `vectors`, scaled to length 1.
    static func pooled(_ vectors: UnsafeBufferPointer<Float>, width: Int) -> [Float] {
        var sum = [Float](repeating: 0, count: width)
        sum.withUnsafeMutableBufferPointer { sum in
            for start in stride(from: 0, to: vectors.count, by: width) {  // fits: the model's dimensions are above 0
                let vector = UnsafeBufferPointer(rebasing: vectors[start..<start + width])
                for index in 0..<width { sum[index] += vector[index] }
            }
        }
        return normalized(sum)
    }
}

/// The vector scaled to length 1; a vector of zeros stays.
func normalized(_ vector: [Float]) -> [Float] {
    var squares: Float = 0
    for value in vector { squares += value * value }
    guard squares > 0, squares.isFinite else { return vector }
    let scale = 1 / squares.squareRoot()
    return vector.map { $0 * scale }
}
