/// Rows of token ids as a model takes them: of one length, with a mask of what is no padding and the types of the tokens.
struct TokenBatch {
    /// Rows are filled up to a multiple of this, unless the model says otherwise, since OpenVINO keeps memory for every distinct shape.
    static let bucket = 16

    let rows: Int
    private(set) var ids: [Int64] = []
    private(set) var mask: [Int64] = []
    private(set) var types: [Int64] = []

    /// - Parameters:
    ///   - separator: tokens behind the first of these are of the second type.
    ///   - bucket: tokens to a multiple of which rows are filled up; above 0.
    init(_ rows: [[Int32]], padding: Int32, separator: Int32? = nil, bucket: Int = Self.bucket, maxTokens: Int) {
        self.rows = rows.count
        let length = Self.length(for: rows.map(\.count).max() ?? 0, bucket: bucket, maxTokens: maxTokens)
        for row in rows {
            let missing = max(0, length - row.count)
            let first = separator.flatMap { row.firstIndex(of: $0) }.map { $0 + 1 } ?? row.count
            ids += row.lazy.map(Int64.init)
            ids += repeatElement(Int64(padding), count: missing)
            mask += repeatElement(1, count: row.count)
            mask += repeatElement(0, count: missing)
            types += repeatElement(0, count: first)
            types += repeatElement(1, count: row.count - first)
            types += repeatElement(0, count: missing)
        }
    }

    /// The length to which a row of `count` tokens is filled up.
    static func length(for count: Int, bucket: Int = Self.bucket, maxTokens: Int) -> Int {
        max(count, min((max(count, 1) + bucket - 1) / bucket * bucket, maxTokens))  // fits: buckets are constants
    }
}
