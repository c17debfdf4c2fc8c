import ParleyCore

/// What one read sees: the segments, and how long each document is.
struct LexicalSnapshot: Sendable {
    private(set) var segments: [LexicalSegment] = []
    /// Live chunks, and their words.
    private(set) var chunkCount = 0
    private(set) var length = 0.0
    /// By document number: the words of its live chunks; 0 for one that has none.
    private(set) var documentLengths: [Float] = []
    private(set) var documentCount = 0

    init() {}

    init(_ segments: [LexicalSegment]) {
        self.segments = segments
        let numbers = segments.reduce(0) { max($0, Int($1.documents.max() ?? 0) + 1) }
        documentLengths = [Float](repeating: 0, count: numbers)
        var seen = Bitmap(rows: numbers)
        for segment in segments {
            chunkCount += segment.directory.liveCount
            length += segment.liveLength
            segment.directory.live.eachRow { row in
                documentLengths[Int(segment.documents[row])] += segment.lengths[row]
                seen[Int(segment.documents[row])] = true
            }
        }
        documentCount = seen.count
    }

    /// Whether every document is one chunk, so that both say the same.
    var hasWholeDocuments: Bool { documentCount == chunkCount }
}
