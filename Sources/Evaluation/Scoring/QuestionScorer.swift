public import Conversations
public import Retrieval

/// Measures what the product made of one question whose answer is known. The API's runs and `parley evaluate` both come here.
public struct QuestionScorer: Sendable {
    private let expected: Expectation

    public init(_ expected: Expectation) { self.expected = expected }

    /// Names of documents in the order of their best passages, each once.
    public static func documents(_ passages: [Passage]) -> [String] {
        var seen: Set<String> = []
        return passages.map(\.documentName).filter { seen.insert($0).inserted }
    }

    /// - Parameters:
    ///   - documents: names, best first.
    ///   - depth: how many documents the search was to find; metrics that look further are left out.
    public func ranking(_ documents: [String], depth: Int) -> Scores {
        var scores = Scores()
        let judgements = expected.judgements
        guard expected.isAnswerable == true, judgements.values.contains(where: { $0 > 0 }) else { return scores }
        let ranking = documents.map(expected.name)
        scores[.recallAt5] = Ratio(RankingMetrics.recall(ranking, judgements, at: 5))
        scores[.recallAt10] = Ratio(RankingMetrics.recall(ranking, judgements, at: 10))
        if depth >= 100 { scores[.recallAt100] = Ratio(RankingMetrics.recall(ranking, judgements, at: 100)) }
        scores[.nDCGAt10] = Ratio(RankingMetrics.nDCG(ranking, judgements))
        scores[.reciprocalRankAt10] = Ratio(RankingMetrics.reciprocalRank(ranking, judgements))
        return scores
    }

    /// Where the expected words stand among the first ten passages.
    public func passages(_ passages: [Passage]) -> Scores {
        var scores = Scores()
        let quotes = expected.quotes
        guard expected.isAnswerable == true, !quotes.isEmpty else { return scores }
        let places = quotes.map { quote in
            passages.prefix(10).firstIndex { passage in
                quote.places.contains { $0.isOf(passage.documentName) } && KnownWords.find(quote.words, in: passage.text) != nil
            }
        }
        let found = places.compactMap { $0 }
        scores[.passageRecallAt10] = Ratio(Double(found.count), of: Double(quotes.count))
        scores[.passageReciprocalRankAt10] = Ratio(found.min().map { 1 / Double($0 + 1) } ?? 0)
        return scores
    }

    /// Whether refusing, or not, was right, and so of warnings.
    public func abstention(_ stance: AnswerStance) -> Scores {
        var scores = Scores()
        switch expected.isAnswerable {
        case true?:
            scores[.falseRefusals] = Ratio(stance == .refused ? 1 : 0)
            scores[.needlessWarnings] = Ratio(stance == .doubted ? 1 : 0)
        case false?:
            scores[.falseAnswers] = Ratio(stance == .refused ? 0 : 1)
            scores[.unwarnedAnswers] = Ratio(stance == .answered ? 1 : 0)
        case nil: break
        }
        return scores
    }

    /// The citations of an answer and whether it refused or warned.
    public func answer(_ citations: [CitedPlace], _ stance: AnswerStance) -> Scores {
        var scores = abstention(stance)
        guard expected.isAnswerable == true, expected.places.contains(where: { $0.gain > 0 }) else { return scores }
        let quotes = expected.quotes
        let right = citations.count { isRight($0) }
        scores[.citationPrecision] = Ratio(Double(right), of: Double(citations.count))
        if quotes.isEmpty {
            scores[.citationRecall] = Ratio(right > 0 ? 1 : 0)
        } else {
            let covered = quotes.count { quote in citations.contains { $0.overlaps(quote.words, in: quote.places) } }
            scores[.citationRecall] = Ratio(Double(covered), of: Double(quotes.count))
        }
        scores[.documentCited] = Ratio(citations.contains { expected.expects($0.document) } ? 1 : 0)
        if expected.places.contains(where: { $0.page != nil }) {
            scores[.pageCited] = Ratio(citations.contains { cited in expected.places.contains { $0.isAt(cited) } } ? 1 : 0)
        }
        return scores
    }

    /// A quote is right when it overlaps expected words where they stand; a document counts as a whole when no words are known.
    public func isRight(_ citation: CitedPlace) -> Bool {
        let quotes = expected.quotes
        if quotes.isEmpty { return expected.expects(citation.document) }
        return quotes.contains { citation.overlaps($0.words, in: $0.places) }
    }
}

/// What one citation of an answer points to.
public struct CitedPlace: Sendable, Hashable {
    public let document: String
    public let page: Int?
    /// The cited passage's text.
    let text: String
    /// The quote's place in it, in Unicode scalars.
    let range: Range<Int>

    /// - Parameters:
    ///   - text: the cited passage's text.
    ///   - from: the quote's first scalar in that text.
    public init(document: String, page: Int?, text: String, from: Int, to: Int) {
        (self.document, self.page, self.text) = (document, page, text)
        range = from..<max(from, to)
    }

    /// The citations of an answer.
    public static func all(of message: Message) -> [CitedPlace] {
        let passages = message.outcome.passages
        return message.outcome.citations.map { citation in
            let passage = passages.first { $0.index == citation.passage }
            let start = passage?.from ?? 0
            return CitedPlace(
                document: citation.documentName, page: citation.page, text: passage?.text ?? "", from: citation.from - start,
                to: citation.to - start)
        }
    }

    func overlaps(_ words: String, in places: [ExpectedPlace]) -> Bool {
        guard places.contains(where: { $0.isOf(document) }), let known = KnownWords.find(words, in: text) else { return false }
        return known.overlaps(range)
    }
}

extension ExpectedPlace {
    fileprivate func isAt(_ cited: CitedPlace) -> Bool { isOf(cited.document) && page != nil && page == cited.page }
}
