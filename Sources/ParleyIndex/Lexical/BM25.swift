import Foundation
import ParleyCore

/// BM25 as Lucene computes it (`BM25Similarity`), with exact lengths where Lucene rounds them to one byte:
/// the sum over the question's terms of
/// `times in question · ln(1 + (N − n + ½) / (n + ½)) · tf / (tf + k1 · (1 − b + b · length / mean length))`.
/// N and n count all live chunks of the index, whatever the filter.
struct BM25 {
    static let k1: Float = 1.2
    static let b: Float = 0.75

    /// The question's terms with their weights, heaviest first.
    let terms: [(term: String, weight: Float)]
    /// The part of the length normalisation that is the same for all chunks, and the part for each word.
    private let base: Float
    private let perWord: Float

    init(_ question: LexicalQuestion, over segments: [LexicalSegment], stemmer: Stemmer) {
        let count = segments.reduce(0) { $0 + $1.directory.liveCount }
        let length = segments.reduce(0) { $0 + $1.liveLength }
        let matchers = segments.map(SegmentMatcher.init)
        let frequencies = question.ranking.reduce(into: [String: Int]()) { $0[$1.term(stemmer), default: 0] += 1 }
        terms = frequencies.map { term, frequency in
            let holding = matchers.reduce(0) { $0 + $1.documentFrequency(term) }
            return (term, Float(frequency) * Self.idf(count: count, holding: holding))
        }
        .sorted { ($0.weight, $0.term) > ($1.weight, $1.term) }
        base = Self.k1 * (1 - Self.b)
        perWord = length > 0 ? Self.k1 * Self.b * Float(Double(count) / length) : 0
    }

    /// Inverse document frequency; above zero for every term.
    static func idf(count: Int, holding: Int) -> Float {
        Float(log(1 + (Double(count - holding) + 0.5) / (Double(holding) + 0.5)))
    }

    private func part(_ weight: Float, _ frequency: UInt16, _ length: Float) -> Float {
        let tf = Float(frequency)
        return weight * tf / (tf + base + perWord * length)
    }

    /// The scores of all rows of a segment, dead ones too.
    func scores(_ segment: LexicalSegment) -> [Float] {
        var scores = [Float](repeating: 0, count: segment.lengths.count)
        for (term, weight) in terms {
            guard let number = segment.vocabulary.terms[term] else { continue }
            scores.withUnsafeMutableBufferPointer { scores in
                segment.lengths.withUnsafeBufferPointer { lengths in
                    segment.postings.withRows(number) { rows, frequencies in
                        for index in rows.indices {
                            let row = Int(rows[index])
                            scores[row] += part(weight, frequencies[index], lengths[row])
                        }
                    }
                }
            }
        }
        return scores
    }

    /// The score of one row.
    func score(_ segment: LexicalSegment, row: Int) -> Float {
        terms.reduce(into: Float(0)) { sum, entry in
            guard let number = segment.vocabulary.terms[entry.term] else { return }
            let frequency = segment.postings.frequency(number, row: UInt32(clamping: row))
            if frequency > 0 { sum += part(entry.weight, frequency, segment.lengths[row]) }
        }
    }
}
