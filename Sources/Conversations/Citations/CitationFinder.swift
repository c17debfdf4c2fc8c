import Library
import ParleyCore
import Retrieval

/// Finds the words of the passages that each sentence of an answer rests on, as the answer is written. A sentence is
/// supported by the passage sentence that holds the largest share of its telling words; no model is asked.
struct CitationFinder: Sendable {
    /// The share of telling words from which a sentence counts as supported.
    static let threshold = 0.5

    private let passages: [Passage]
    private let pages: PageFinder?
    private let candidates: [Candidate]
    private var numbers: [Int: Int] = [:]
    private var sentences = SentenceReader()

    private struct Candidate: Sendable {
        let passage: Int
        let span: SentenceReader.Sentence
        let words: Set<String>
    }

    /// - Parameter pages: tells a quote's page; without it the passage's first page is taken.
    init(passages: [Passage], pages: PageFinder? = nil) {
        (self.passages, self.pages) = (passages, pages)
        candidates = passages.enumerated().flatMap { index, passage in
            SentenceReader.sentences(of: passage.text).map {
                Candidate(passage: index, span: $0, words: TellingWords.of($0.text))
            }
        }
    }

    /// Takes more of the answer; gives the citations of sentences that are now complete.
    mutating func add(_ text: String) -> [Citation] { sentences.add(text).compactMap { cite($0) } }

    /// The citations of what was left when the answer ended.
    mutating func finish() -> [Citation] { sentences.finish().compactMap { cite($0) } }

    private mutating func cite(_ sentence: SentenceReader.Sentence) -> Citation? {
        let words = TellingWords.of(sentence.text)
        guard !words.isEmpty else { return nil }
        var best: (candidate: Candidate, support: Double)?
        for candidate in candidates {
            let support = Double(words.intersection(candidate.words).count) / Double(words.count)
            if support >= Self.threshold, support > best?.support ?? 0 { best = (candidate, support) }
        }
        return best.map { citation(of: sentence, by: $0.candidate, support: $0.support) }
    }

    private mutating func citation(of sentence: SentenceReader.Sentence, by candidate: Candidate, support: Double) -> Citation {
        let passage = passages[candidate.passage]
        let from = passage.from + candidate.span.from
        let number = numbers[candidate.passage] ?? numbers.count + 1
        numbers[candidate.passage] = number
        return Citation(
            number: number, passage: candidate.passage + 1, at: sentence.to, quote: candidate.span.text, document: passage.document,
            revision: passage.revision, documentName: passage.documentName,
            page: pages?.page(of: passage.revision, at: from) ?? passage.firstPage,
            from: from, to: passage.from + candidate.span.to, support: (support * 1000).rounded() / 1000)
    }
}
