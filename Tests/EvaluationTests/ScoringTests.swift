import Foundation
import Retrieval
import Testing

@testable import Evaluation

/// The metrics against the reference program's figures for the same run and judgements.
@Suite struct ScoringTests {
    private static let judgements: [[String: Int]] = [
        ["d19": 1], ["d27": 1, "d18": 1, "d16": 1, "d13": 3, "d1": 0], ["d26": 3, "d30": 1, "d14": 2, "d13": 1],
        ["d8": 1, "d29": 2, "d11": 1, "d22": 2], ["d16": 1, "d3": 3, "d12": 1, "d26": 1],
    ]
    private static let run = [
        "d12 d20 d16 d19 d3 d29 d1 d28 d9 d18 d8", "d24 d1 d22 d27 d3 d6 d19 d2 d10 d29 d9 d16",
        "d2 d5 d16 d26 d9 d22 d14 d21 d10 d24 d17 d13",
        "d18 d29 d19 d8 d4 d23 d21 d7 d24 d27 d9 d10", "d10 d14 d25 d29 d4 d2 d20 d24 d28 d13 d19 d11",
    ]

    private func scores(_ index: Int, depth: Int = 100) -> Scores {
        let places = Self.judgements[index].map { ExpectedPlace(document: $0.key, gain: $0.value) }
        // Names on the server have endings that judgements need not have.
        let names = Self.run[index].split(separator: " ").map { String($0) + ".md" }
        return QuestionScorer(Expectation(isAnswerable: true, places: places)).ranking(names, depth: depth)
    }

    private func isNear(_ figure: Double?, _ wanted: Double, _ tolerance: Double = 5e-5) -> Bool {
        abs((figure ?? -1) - wanted) < tolerance
    }

    @Test(.timeLimit(.minutes(1))) func wordsAreFoundInTimeByTheLengthsAlone() {
        let text = String(repeating: "a", count: 200_000) + "b end"
        #expect(KnownWords.find(String(repeating: "a", count: 2_000) + "B  end", in: text) == 198_000..<200_005)
        #expect(KnownWords.find(String(repeating: "a", count: 2_000) + "c", in: text) == nil)
        #expect(KnownWords.find("aab", in: "aaab aab") == 1..<4)
    }

    @Test func rankingsScoreAsTheReferenceSays() {
        let wanted: [(nDCG: Double, r10: Double, r100: Double, mrr: Double)] = [
            (0.4307, 1, 1, 0.25), (0.0944, 0.25, 0.5, 0.25), (0.3772, 0.5, 0.75, 0.25), (0.4037, 0.5, 0.5, 0.5), (0, 0, 0, 0),
        ]
        let all = wanted.indices.map { scores($0) }
        for (scores, wanted) in zip(all, wanted) {
            #expect(isNear(scores[.nDCGAt10]?.value, wanted.nDCG))
            #expect(isNear(scores[.recallAt10]?.value, wanted.r10) && isNear(scores[.recallAt100]?.value, wanted.r100))
            #expect(isNear(scores[.reciprocalRankAt10]?.value, wanted.mrr))
        }
        let total = Scores.total(all)
        #expect(isNear(total[.nDCGAt10]?.value, 0.26120118731897124, 1e-12))
        #expect(isNear(total[.recallAt10]?.value, 0.45, 1e-12) && isNear(total[.recallAt100]?.value, 0.55, 1e-12))
        #expect(isNear(total[.reciprocalRankAt10]?.value, 0.25, 1e-12))
        #expect(scores(0, depth: 10)[.recallAt100] == nil, "a search for ten documents says nothing of a hundred")
    }

    private let open = ExpectedPlace(document: "office.md", quote: "open from nine to five", page: 2)

    private func cited(_ text: String, _ quote: String, page: Int? = 2, document: String = "office.md") -> CitedPlace {
        let from = text.unicodeScalars.count - (text.range(of: quote).map { text[$0.lowerBound...].unicodeScalars.count } ?? 0)
        return CitedPlace(document: document, page: page, text: text, from: from, to: from + quote.unicodeScalars.count)
    }

    @Test func citationsAreRightWhereTheyOverlapTheWords() {
        let copy = ExpectedPlace(document: "copy.md", quote: open.quote)
        let scorer = QuestionScorer(Expectation(isAnswerable: true, places: [open, copy]))
        let text = "Café 🎉. The office is open from\nNINE to five. Dogs may come."
        let right = cited(text, "office is open from")
        let scores = scorer.answer([right, cited(text, "Dogs may come"), cited(text, "Dogs", document: "copy.md")], .answered)
        #expect(scores[.citationPrecision] == Ratio(1, of: 3))
        #expect(scores[.citationRecall] == Ratio(1), "two documents with the same words are alternatives")
        #expect(scores[.pageCited] == Ratio(1) && scores[.documentCited] == Ratio(1) && scores[.falseRefusals] == Ratio(0))
        #expect(scorer.answer([cited(text, "open", page: 3)], .answered)[.pageCited] == Ratio(0))
        let refused = scorer.answer([], .refused)
        #expect(refused[.citationPrecision]?.value == nil && refused[.citationRecall] == Ratio(0) && refused[.falseRefusals] == Ratio(1))
        #expect(scorer.answer([], .doubted)[.needlessWarnings] == Ratio(1) && refused[.needlessWarnings] == Ratio(0))
    }

    @Test func onlyWhatIsKnownIsScored() {
        let none = QuestionScorer(Expectation(isAnswerable: false, places: []))
        #expect(none.answer([], .refused)[.falseAnswers] == Ratio(0) && none.answer([], .answered)[.falseAnswers] == Ratio(1))
        #expect(none.answer([], .doubted)[.falseAnswers] == Ratio(1) && none.answer([], .doubted)[.unwarnedAnswers] == Ratio(0))
        #expect(none.ranking(["a"], depth: 10).measured.isEmpty)
        let unsaid = QuestionScorer(Expectation(isAnswerable: nil, places: [open]))
        #expect(unsaid.answer([], .refused).measured.isEmpty && unsaid.ranking(["office.md"], depth: 10).measured.isEmpty)
    }

    private let before = [0.2, 0.5, 1.0, 0.0, 0.3, 0.6, 0.7, 0.4]
    private let after = [0.5, 0.5, 1.0, 0.4, 0.6, 0.5, 0.9, 0.8]

    private func pairs(_ a: [Double], _ b: [Double]) -> [(first: Ratio, second: Ratio)] { zip(a, b).map { (Ratio($0), Ratio($1)) } }

    @Test func theRandomisationTestComesToTheExactValue() throws {
        let test = try #require(PairedTest(pairs(before, after), isBetterWhenHigher: true))
        #expect(isNear(test.difference, 0.1875, 1e-12))
        // All 256 swaps, counted: 16 differ by as much.
        #expect(isNear(test.p, 16.0 / 256, 0.01), "\(test.p)")
        #expect(test.wins == 5 && test.losses == 1 && test.ties == 2 && test.questions == 8)
        #expect(test.low < test.difference && test.difference < test.high && test.low > -0.05)
        #expect(PairedTest(pairs(before, after), isBetterWhenHigher: true) == test, "the same figures each time")
        let back = try #require(PairedTest(pairs(after, before), isBetterWhenHigher: true))
        #expect(isNear(back.difference, -0.1875, 1e-12) && back.wins == 1 && isNear(back.p, test.p, 0.01))
    }

    @Test func whatIsAlikeIsNoDifference() throws {
        let test = try #require(PairedTest(pairs(before, before), isBetterWhenHigher: true))
        #expect(test.p == 1 && test.low == 0 && test.high == 0 && test.ties == 8)
        #expect(PairedTest([], isBetterWhenHigher: true) == nil)
        let lower = try #require(PairedTest(pairs([1, 0], [0, 0]), isBetterWhenHigher: false, rounds: 100))
        #expect(lower.wins == 1 && lower.losses == 0)
    }

    @Test func sharesOfUnlikeWholesAreWeighed() throws {
        let pairs = [(first: Ratio(1, of: 1), second: Ratio(3, of: 3)), (first: Ratio(0, of: 1), second: Ratio(0, of: 1))]
        let test = try #require(PairedTest(pairs, isBetterWhenHigher: true, rounds: 100))
        #expect(test.first == 0.5 && test.second == 0.75 && test.ties == 2)
    }
}
