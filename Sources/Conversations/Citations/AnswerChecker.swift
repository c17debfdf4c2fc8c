import Library
import ParleyCore
import ParleyInference
import Retrieval

/// Reads an answer as it is written, and tells for each of its sentences which words of the passages it rests on and whether they
/// support it. Citations that the model made are looked up: one that names no passage, or a passage without such words, is dropped.
struct AnswerChecker: Sendable {
    enum Piece: Sendable {
        case text(String)
        case citation(Citation)
        case sentence(SentenceCheck)
    }

    /// Citations of the model's that could not be found.
    private(set) var dropped = 0
    private let passages: [Passage]
    private let pages: PageFinder?
    private let opinion: SecondOpinion?
    /// Made when the first sentence ends, so that the first word of an answer need not wait for it.
    private lazy var scorer = SupportScorer(passages: passages, question: question)
    private let question: String
    private var numbers: [Int: Int] = [:]
    private var marks: MarkReader?
    private var pending: [Int] = []
    private var sentences = SentenceReader()
    private var last: SentenceReader.Sentence?

    /// - Parameters:
    ///   - pages: tells a quote's page; without it the passage's first page is taken.
    ///   - marks: whether the model was asked to mark what it cites.
    ///   - reader: is asked for a second opinion on sentences that seem supported.
    init(passages: [Passage], question: String, pages: PageFinder? = nil, marks: Bool = false, reader: (any PassageReader)? = nil) {
        (self.passages, self.question, self.pages, opinion) = (passages, question, pages, reader.map(SecondOpinion.init))
        self.marks = marks ? MarkReader(passages: passages.count) : nil
    }

    /// Takes more of the answer; gives its text without marks, and what is known of sentences that are now complete.
    mutating func add(_ text: String) async -> [Piece] {
        var pieces: [Piece] = []
        for piece in marks?.add(text) ?? [.text(text)] { await take(piece, &pieces) }
        return pieces
    }

    /// What was held back as it might have become a mark, when the answer breaks off.
    mutating func release() async -> [Piece] {
        var pieces: [Piece] = []
        for piece in marks?.finish() ?? [] { await take(piece, &pieces) }
        return pieces
    }

    /// What was left when the answer ended.
    mutating func finish() async -> [Piece] {
        var pieces = await release()
        for sentence in sentences.finish() { await check(sentence, &pieces) }
        return pieces
    }

    private mutating func take(_ piece: MarkReader.Piece, _ pieces: inout [Piece]) async {
        switch piece {
        case .text(let text): await read(text, &pieces)
        case .mark(let number): if sentences.isBetween { late(number, &pieces) } else { pending.append(number) }
        }
    }

    private mutating func read(_ text: String, _ pieces: inout [Piece]) async {
        pieces.append(.text(text))
        for sentence in sentences.add(text) { await check(sentence, &pieces) }
    }

    private mutating func check(_ sentence: SentenceReader.Sentence, _ pieces: inout [Piece]) async {
        defer { (last, pending) = (sentence, []) }
        let claim = Claim(sentence.text)
        let isFence = ["```", "~~~"].contains { sentence.text.hasPrefix($0) }
        guard !claim.isEmpty, !isFence, !Self.admitsIgnorance(sentence.text) else {
            dropped += pending.count
            return
        }
        guard !RepetitionGuard.isLoop(sentence.text) else {
            dropped += pending.count
            return pieces.append(.sentence(SentenceCheck(from: sentence.from, to: sentence.to, verdict: .notFound, support: 0)))
        }
        var found: [SupportScorer.Support] = []
        for number in pending {
            if let support = named(number, claim) { found.append(support) } else { dropped += 1 }
        }
        let best = scorer.best(for: claim)
        if found.isEmpty, let best, best.verdict != .notFound { found = [best] }
        if let opinion {
            for index in found.indices {
                found[index] = await opinion.support(found[index], for: sentence.text, in: passages[found[index].evidence.passage])
            }
        }
        pieces += found.map { .citation(citation(of: sentence, $0)) }
        let score = (found.map(\.score).max() ?? best?.score ?? 0).rounded(to: 1000)
        pieces.append(
            .sentence(SentenceCheck(from: sentence.from, to: sentence.to, verdict: SupportScorer.verdict(score), support: score)))
    }

    /// A mark that stands behind the full stop.
    private mutating func late(_ number: Int, _ pieces: inout [Piece]) {
        guard let last, let support = named(number, Claim(last.text)) else {
            dropped += 1
            return
        }
        if numbers[support.evidence.passage] == nil { pieces.append(.citation(citation(of: last, support))) }
    }

    /// The words of the passage that a mark names, if they support the claim at all.
    private mutating func named(_ number: Int, _ claim: Claim) -> SupportScorer.Support? {
        guard passages.indices.contains(number - 1), let support = scorer.best(for: claim, in: number - 1), support.verdict != .notFound
        else { return nil }
        return support
    }

    private mutating func citation(of sentence: SentenceReader.Sentence, _ support: SupportScorer.Support) -> Citation {
        let place = support.evidence.passage
        let passage = passages[place]
        let from = passage.from + support.evidence.from
        let number = numbers[place] ?? numbers.count + 1
        numbers[place] = number
        return Citation(
            number: number, passage: passage.index, at: sentence.to, quote: support.evidence.text, document: passage.document,
            revision: passage.revision, documentName: passage.documentName,
            page: pages?.page(of: passage.revision, at: from) ?? passage.firstPage, from: from,
            to: passage.from + support.evidence.to, support: support.score.rounded(to: 1000), verdict: support.verdict)
    }

    /// Whether the sentence says that the documents do not tell: nothing need support that.
    static func admitsIgnorance(_ text: String) -> Bool {
        let words = text.lowercased()
        let speaksOfThem = ["document", "passage", "text", "information"].contains { words.contains($0) }
        return speaksOfThem && [" not ", "n't", "n’t", " no ", "nothing"].contains { words.contains($0) }
    }
}

extension Double {
    fileprivate func rounded(to parts: Double) -> Double { (self * parts).rounded() / parts }
}
