import Foundation
import ParleyCore

/// BM25 as Lucene computes it (`BM25Similarity`), with exact lengths where Lucene rounds them to one byte:
/// the sum over the question's terms of
/// `times in question · ln(1 + (N − n + ½) / (n + ½)) · tf / (tf + k1 · (1 − b + b · length / mean length))`.
/// N and n count everything alive in the index, whatever the filter.
///
/// A chunk's score is the mean of its own BM25 among chunks and its document's among documents: a passage is about what its document is
/// about (Callan, SIGIR 1994). Where every document is one chunk this is plain BM25.
struct BM25 {
    static let k1: Float = 1.2
    static let b: Float = 0.75
    private static let fewest = 1000

    /// BM25 over units of one kind, chunks or documents.
    struct Norm {
        private let base: Float
        private let perWord: Float

        init(count: Int, length: Double) {
            base = k1 * (1 - b)
            perWord = length > 0 ? k1 * b * Float(Double(count) / length) : 0
        }

        func part(_ weight: Float, _ frequency: Float, _ length: Float) -> Float {
            weight * frequency / (frequency + base + perWord * length)
        }
    }

    /// The question's terms with their weights among chunks, heaviest first.
    let terms: [(term: String, weight: Float)]
    /// Each of its words once with what it tells, in the terms' order; the parts of an identifier are words, the whole is none. It is the inverse
    /// document frequency as of an index of at least `fewest` chunks: a word that a small one lacks need not be rare.
    let words: [(term: String, weight: Float)]
    private let norm: Norm
    /// By document number; nil where every document is one chunk.
    private let documents: [Float]?

    init(_ question: LexicalQuestion, over snapshot: LexicalSnapshot, stemmer: Stemmer) {
        let matchers = snapshot.segments.map(SegmentMatcher.init)
        let frequencies = question.ranking.reduce(into: [String: Int]()) { $0[$1.term(stemmer), default: 0] += 1 }
        let holding = Dictionary(  // fits: keys of another dictionary
            uniqueKeysWithValues: frequencies.keys.map { term in
                (term, matchers.reduce(0) { $0 + $1.documentFrequency(term) })
            })
        terms = frequencies.map { term, frequency in
            (term, Float(frequency) * Self.idf(count: snapshot.chunkCount, holding: holding[term] ?? 0))
        }
        .sorted { ($0.weight, $0.term) > ($1.weight, $1.term) }
        let identifiers = Set(question.ranking.filter { $0.kind == .identifier }.map { $0.term(stemmer) })
        words = terms.filter { !identifiers.contains($0.term) }.map { term, _ in
            (term, Self.idf(count: max(snapshot.chunkCount, Self.fewest), holding: holding[term] ?? 0))
        }
        norm = Norm(count: snapshot.chunkCount, length: snapshot.length)
        documents = snapshot.hasWholeDocuments ? nil : DocumentEvidence(snapshot).scores(frequencies)
    }

    /// Inverse document frequency; above zero for every term.
    static func idf(count: Int, holding: Int) -> Float {
        Float(log(1 + (Double(count - holding) + 0.5) / (Double(holding) + 0.5)))
    }

    /// The scores of all rows of a segment, dead ones too; 0 for rows without any of the terms.
    func scores(_ segment: LexicalSegment) -> [Float] {
        var scores = [Float](repeating: 0, count: segment.lengths.count)
        for (term, weight) in terms {
            guard let number = segment.vocabulary.terms[term] else { continue }
            scores.withUnsafeMutableBufferPointer { scores in
                segment.lengths.withUnsafeBufferPointer { lengths in
                    segment.postings.withRows(number) { rows, frequencies in
                        for index in rows.indices {
                            let row = Int(rows[index])
                            scores[row] += norm.part(weight, Float(frequencies[index]), lengths[row])
                        }
                    }
                }
            }
        }
        if let documents {
            for row in scores.indices where scores[row] > 0 { scores[row] = (scores[row] + documents[Int(segment.documents[row])]) / 2 }
        }
        return scores
    }

    /// The score of one row.
    func score(_ segment: LexicalSegment, row: Int) -> Float {
        let own = terms.reduce(into: Float(0)) { sum, entry in
            guard let number = segment.vocabulary.terms[entry.term] else { return }
            let frequency = segment.postings.frequency(number, row: UInt32(clamping: row))
            if frequency > 0 { sum += norm.part(entry.weight, Float(frequency), segment.lengths[row]) }
        }
        guard let documents, own > 0 else { return own }
        return (own + documents[Int(segment.documents[row])]) / 2
    }
}
