internal import ParleyCore

/// Runs the reader: rows of token ids in, the heads' numbers out. Belongs to one thread at a time.
struct ReadingEncoder: RowEncoder {
    /// Numbers of a row that are no token's: the answer's logit and three for a statement.
    static let heads = 4

    private let encoder: OpenVINOEncoder
    private let folder: ReaderFolder

    init(_ model: OpenVINOModel, _ folder: ReaderFolder) throws(ParleyError) {
        encoder = try OpenVINOEncoder(model)
        self.folder = folder
    }

    /// How many numbers a row of so many tokens gives.
    static func width(_ tokens: Int) -> Int { heads + 2 * tokens }

    func outputs(_ rows: [[Int32]]) throws -> [[Float]] {
        let tokenizer = folder.tokenizer
        let batch = TokenBatch(rows, padding: tokenizer.padding, separator: tokenizer.end, maxTokens: folder.maxTokens)
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
