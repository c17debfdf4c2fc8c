import ParleyCore

extension LexicalSegment {
    /// A segment's rows and variants under their new numbers.
    private struct Renumbering {
        /// By old row; nil for a dead one.
        var rows: [UInt32?]
        /// By old term: where its variants begin in `variants`.
        var variantStarts: [Int]
        var variants: [UInt32]
    }

    /// The live rows of several segments as one.
    init(merging segments: [LexicalSegment]) {
        var entries: [RowDirectory.Entry] = []
        var lengths: [Float] = []
        var documents: [UInt32] = []
        var vocabulary = Vocabulary()
        var numbering: [Renumbering] = []
        /// By new term: the segments' numbers for it.
        var sources: [[(segment: Int, term: UInt32)]] = []
        for (index, segment) in segments.enumerated() {
            var rows = [UInt32?](repeating: nil, count: segment.directory.chunks.count)
            for (entry, range) in segment.directory.liveEntries {
                rows[range.lowerBound] = UInt32(clamping: entries.count)
                entries.append(entry)
                lengths.append(segment.lengths[range.lowerBound])
                documents.append(segment.documents[range.lowerBound])
            }
            numbering.append(Self.adopt(segment, rows, index, &vocabulary, &sources))
        }
        let postings = Self.postings(segments, numbering, sources)
        self.init(RowDirectory(entries), vocabulary, postings, lengths, documents)
    }

    /// Takes a segment's terms that still occur into the vocabulary.
    private static func adopt(
        _ segment: LexicalSegment, _ rows: [UInt32?], _ index: Int, _ vocabulary: inout Vocabulary,
        _ sources: inout [[(segment: Int, term: UInt32)]]
    ) -> Renumbering {
        var numbers = [UInt32?](repeating: nil, count: segment.vocabulary.count)
        for (name, old) in segment.vocabulary.terms {
            let occurs = segment.postings.withRows(old) { held, _ in held.contains { rows[Int($0)] != nil } }
            guard occurs else { continue }
            let new = vocabulary.number(name)
            numbers[Int(old)] = new
            if Int(new) == sources.count { sources.append([]) }
            sources[Int(new)].append((index, old))
        }
        var starts = [0]
        for count in segment.vocabulary.variantCounts { starts.append(starts[starts.count - 1] + Int(count)) }
        var variants = [UInt32](repeating: 0, count: starts[starts.count - 1])  // fits: a sum of counts
        for (word, form) in segment.vocabulary.forms {
            guard let new = numbers[Int(form.term)] else { continue }
            variants[starts[Int(form.term)] + Int(form.variant)] = vocabulary.form(word, of: new).variant
        }
        return Renumbering(rows: rows, variantStarts: starts, variants: variants)
    }

    private static func postings(
        _ segments: [LexicalSegment], _ numbering: [Renumbering], _ sources: [[(segment: Int, term: UInt32)]]
    ) -> Postings {
        var postings = Postings()
        for source in sources {
            for (index, term) in source {
                let numbers = numbering[index]
                let start = numbers.variantStarts[Int(term)]
                let hasVariants = numbers.variantStarts[Int(term) + 1] > start
                segments[index].postings.forEachRow(term) { row, places in
                    guard let row = numbers.rows[Int(row)] else { return }
                    guard hasVariants else { return postings.append(row: row, places) }
                    postings.append(
                        row: row,
                        places.lazy.map { Postings.Place(position: $0.position, variant: numbers.variants[start + Int($0.variant)]) })
                }
            }
            postings.endTerm()
        }
        return postings
    }
}
