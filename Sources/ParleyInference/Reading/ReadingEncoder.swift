internal import ParleyCore

/// Runs the reader: rows of token ids in, the heads' numbers out. Belongs to one thread at a time.
struct ReadingEncoder: RowEncoder {
    /// Numbers of a row that are no token's: the answer's logit and three for a statement.
    static let heads = 4

    /// Rows are filled up to a multiple of this: the kernels of every further length take some 4 MB for each lane.
    private static let bucket = 64

    private let encoder: OpenVINOEncoder
    private let folder: ReaderFolder

    /// Runs the model once, on the longest row, so that its buffers are sized once.
    init(_ model: OpenVINOModel, _ folder: ReaderFolder) throws {
        encoder = try OpenVINOEncoder(model)
        self.folder = folder
        try encoder.run(batch([[Int32](repeating: folder.tokenizer.unknown, count: folder.maxTokens)])) { _, _ in }
    }

    private func batch(_ rows: [[Int32]]) -> TokenBatch {
        let tokenizer = folder.tokenizer
        return TokenBatch(rows, padding: tokenizer.padding, separator: tokenizer.end, bucket: Self.bucket, maxTokens: folder.maxTokens)
    }

    /// How many numbers a row of so many tokens gives.
    static func width(_ tokens: Int) -> Int { heads + 2 * tokens }

    func outputs(_ rows: [[Int32]]) throws -> [[Float]] {
        let batch = batch(rows)
        return try encoder.run(batch) { output, width in
            let length = batch.ids.count / rows.count  // fits: `run` refuses a batch without rows
            guard width == Self.width(length), output.count == width * rows.count else {
                throw ParleyError(.readerModelUnsupported, "The reader gives numbers of another form; run `script/setup` again.")
            }
            return rows.enumerated().map { index, row in
                let values = output[index * width..<(index + 1) * width]
                let starts = values.startIndex + Self.heads
                return Array(values.prefix(Self.heads)) + values[starts..<starts + row.count]
                    + values[starts + length..<starts + length + row.count]
            }
        }
    }
}
