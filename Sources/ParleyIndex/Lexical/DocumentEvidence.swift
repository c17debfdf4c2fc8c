import ParleyCore

/// BM25 with whole documents as the units: what the chunks of a document hold, added up.
struct DocumentEvidence {
    private let snapshot: LexicalSnapshot
    private let norm: BM25.Norm

    init(_ snapshot: LexicalSnapshot) {
        self.snapshot = snapshot
        norm = BM25.Norm(count: snapshot.documentCount, length: snapshot.length)
    }

    /// By document number.
    /// - Parameter question: each term with how often it stands in the question.
    func scores(_ question: [String: Int]) -> [Float] {
        let count = snapshot.documentLengths.count
        var scores = [Float](repeating: 0, count: count)
        var frequencies = [Float](repeating: 0, count: count)
        var touched: [Int] = []
        // In one order, so that equal questions give equal sums.
        for (term, times) in question.sorted(by: { $0.key < $1.key }) {
            for segment in snapshot.segments { Self.add(term, segment, &frequencies, &touched) }
            let weight = Float(times) * BM25.idf(count: snapshot.documentCount, holding: touched.count)
            for document in touched {
                scores[document] += norm.part(weight, frequencies[document], snapshot.documentLengths[document])
                frequencies[document] = 0
            }
            touched.removeAll(keepingCapacity: true)
        }
        return scores
    }

    private static func add(_ term: String, _ segment: LexicalSegment, _ sums: inout [Float], _ touched: inout [Int]) {
        guard let number = segment.vocabulary.terms[term] else { return }
        let live = segment.directory.live
        let isWhole = segment.directory.liveCount == live.rows
        segment.postings.withRows(number) { rows, frequencies in
            for index in rows.indices where isWhole || live[Int(rows[index])] {
                let document = Int(segment.documents[Int(rows[index])])
                if sums[document] == 0 { touched.append(document) }
                sums[document] += Float(frequencies[index])
            }
        }
    }
}
