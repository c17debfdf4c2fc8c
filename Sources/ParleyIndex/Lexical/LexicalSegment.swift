import ParleyCore

/// Some chunks, inverted; never added to again. A value: killing rows of a copy leaves readers of the original alone.
struct LexicalSegment: Sendable {
    private(set) var directory: RowDirectory
    let vocabulary: Vocabulary
    let postings: Postings
    /// By row: how many words the chunk has.
    let lengths: [Float]
    /// By row: the number of the chunk's document, the same in all segments of an index.
    let documents: [UInt32]
    /// Words of all live rows.
    private(set) var liveLength: Double

    init(_ directory: RowDirectory, _ vocabulary: Vocabulary, _ postings: Postings, _ lengths: [Float], _ documents: [UInt32]) {
        (self.directory, self.vocabulary, self.postings, self.lengths) = (directory, vocabulary, postings, lengths)
        self.documents = documents
        liveLength = lengths.reduce(0) { $0 + Double($1) }
    }

    mutating func kill(_ chunk: ChunkID) {
        for row in directory.kill(chunk) { liveLength -= Double(lengths[row]) }
    }

    mutating func kill(documents: Set<DocumentID>) {
        for chunk in directory.chunks(of: documents) { kill(chunk) }
    }

    mutating func update(_ changes: [DocumentID: ChunkAttributes]) { directory.update(changes) }
}

extension LexicalSegment {
    private struct Occurrence {
        let term: UInt32
        let row: UInt32
        let place: Postings.Place
    }

    /// Words between the title, its repetition and the text, so that no phrase spans two of them.
    private static let titleGap = 8

    /// The chunks are all different.
    /// - Parameter documents: by row.
    init(_ chunks: [IndexedChunk], documents: [UInt32], stemmer: Stemmer) {
        var vocabulary = Vocabulary()
        var occurrences: [Occurrence] = []
        var lengths: [Float] = []
        for (row, chunk) in chunks.enumerated() {
            let title = TextAnalyzer.tokens(chunk.title)
            let shift = title.isEmpty ? 0 : (title.map(\.position).max() ?? 0) + Self.titleGap
            var length: Float = 0
            for (tokens, shift) in [(title, 0), (title, shift), (TextAnalyzer.tokens(chunk.text), 2 * shift)] {
                for token in tokens {
                    if token.isCounted { length += 1 }
                    occurrences.append(Self.occurrence(token, row: row, shift: shift, &vocabulary, stemmer))
                }
            }
            lengths.append(length)
        }
        let directory = RowDirectory(chunks.map { RowDirectory.Entry(chunk: $0.chunk, attributes: $0.attributes) })
        self.init(directory, vocabulary, Self.invert(occurrences, terms: vocabulary.count), lengths, documents)
    }

    private static func occurrence(_ token: Token, row: Int, shift: Int, _ vocabulary: inout Vocabulary, _ stemmer: Stemmer) -> Occurrence {
        let form =
            token.kind == .word
            ? vocabulary.form(token.text, stem: stemmer.stem)
            : Vocabulary.Form(term: vocabulary.number(token.term(stemmer)), variant: 0)
        return Occurrence(
            term: form.term, row: UInt32(clamping: row),
            place: Postings.Place(position: UInt32(clamping: token.position + shift), variant: form.variant))
    }

    /// Sorts by term (by counting, so rows and places stay ascending) and writes the columns.
    private static func invert(_ occurrences: [Occurrence], terms: Int) -> Postings {
        var ends = [Int](repeating: 0, count: terms + 1)
        for occurrence in occurrences { ends[Int(occurrence.term) + 1] += 1 }
        for term in 0..<terms { ends[term + 1] += ends[term] }
        var next = ends
        var order = [Int](repeating: 0, count: occurrences.count)
        for (index, occurrence) in occurrences.enumerated() {
            order[next[Int(occurrence.term)]] = index
            next[Int(occurrence.term)] += 1
        }
        var postings = Postings()
        for term in 0..<terms {
            var rest = order[ends[term]..<ends[term + 1]]
            while let first = rest.first {
                let row = occurrences[first].row
                let same = rest.prefix { occurrences[$0].row == row }
                postings.append(row: row, same.map { occurrences[$0].place })
                rest = rest.dropFirst(same.count)
            }
            postings.endTerm()
        }
        return postings
    }
}
