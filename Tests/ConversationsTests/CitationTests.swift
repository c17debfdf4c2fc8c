import Foundation
import ParleyCore
import ParleyIndex
import Retrieval
import Testing

@testable import Conversations

@Suite struct CitationTests {
    private static let text = "Café 🎉 opens early. The office is open from nine to five. 会議室は三階にあります。"

    private static let passages = Result {
        [try passage("Cats sleep all day.", index: 1, from: 0), try passage(text, index: 2, from: 100)]
    }

    private func pieces(_ answer: String, pieces: Int = 1, marks: Bool = false) async throws -> [AnswerChecker.Piece] {
        var checker = AnswerChecker(passages: try Self.passages.get(), question: "", marks: marks)
        var found: [AnswerChecker.Piece] = []
        let scalars = Array(answer.unicodeScalars)
        for start in stride(from: 0, to: scalars.count, by: pieces) {
            found += await checker.add(String(String.UnicodeScalarView(scalars[start..<min(start + pieces, scalars.count)])))
        }
        return await found + checker.finish()
    }

    private func citations(_ answer: String, pieces: Int = 1, marks: Bool = false) async throws -> [Citation] {
        try await self.pieces(answer, pieces: pieces, marks: marks).compactMap {
            if case .citation(let citation) = $0 { citation } else { nil }
        }
    }

    private func checks(_ answer: String) async throws -> [SentenceCheck] {
        try await pieces(answer).compactMap { if case .sentence(let check) = $0 { check } else { nil } }
    }

    @Test func aSupportedSentenceQuotesTheSentenceItRestsOn() async throws {
        let answer = "It opens at nine: the office is open from nine to five. Giraffes are purple."
        let found = try await citations(answer)
        #expect(found.count == 1)
        let citation = try #require(found.first)
        #expect(citation.quote == "The office is open from nine to five.")
        let scalars = Array(Self.text.unicodeScalars)
        #expect(String(String.UnicodeScalarView(scalars[citation.from - 100..<citation.to - 100])) == citation.quote)
        #expect(String(String.UnicodeScalarView(Array(answer.unicodeScalars)[..<citation.at])).hasSuffix("to five."))
        #expect(citation.passage == 2 && citation.number == 1 && citation.support > 0.5 && citation.support <= 1)
    }

    @Test func howTheTextArrivesDoesNotMatter() async throws {
        let answer = "Cats sleep. The office opens at nine, closes at five. 会議室は三階にあります。 Cats sleep all day long"
        let whole = try await citations(answer, pieces: 1000)
        #expect(whole.map(\.number) == [1, 2, 2, 1], "a passage keeps its number: \(whole.map(\.quote))")
        for pieces in 1...7 { #expect(try await citations(answer, pieces: pieces) == whole) }
    }

    @Test func nothingSupportsASentenceWithoutTellingWords() async throws {
        #expect(try await citations("It is. And so on! 😀 … ").isEmpty)
        #expect(try await citations("").isEmpty)
        var checker = AnswerChecker(passages: [], question: "")
        let found = await checker.add("The office is open. ") + checker.finish()
        guard case .sentence(let check) = found.last else {
            Issue.record("the sentence was not judged")
            return
        }
        #expect(found.count == 2 && check.verdict == .notFound && check.support == 0)
    }

    @Test func sentencesHaveExactPlaces() {
        let text = "  One. Two!  „Drei?“\nvier 3.5 % of U.S. corn。五。 six"
        let sentences = SentenceReader.sentences(of: text)
        let scalars = Array(text.unicodeScalars)
        for sentence in sentences {
            #expect(String(String.UnicodeScalarView(scalars[sentence.from..<sentence.to])) == sentence.text)
            #expect(!sentence.text.isEmpty)
        }
        #expect(sentences.map(\.text).prefix(4) == ["One.", "Two!", "„Drei?“", "vier 3.5 % of U.S."])
        #expect(sentences.map(\.text).suffix(3) == ["corn。", "五。", "six"])
        #expect(SentenceReader.sentences(of: " \n ").isEmpty)
    }

    @Test func everySentenceIsJudged() async throws {
        let answer =
            "The office is open from nine to five. It is open from 9 to 5. The office is open from nine to seven. "
            + "The office is not open from nine to five. Giraffes are purple."
        let found = try await checks(answer)
        #expect(found.map(\.verdict) == [.supported, .supported, .partly, .notFound, .notFound])
        let scalars = Array(answer.unicodeScalars)
        #expect(found.map { String(String.UnicodeScalarView(scalars[$0.from..<$0.to])) }.last == "Giraffes are purple.")
    }

    @Test func aStrangersNameIsNotSupported() async throws {
        #expect(try await checks("The office of Napoleon is open from nine to five.").map(\.verdict) == [.partly])
    }

    @Test func whoSaysThatTheDocumentsDoNotTellNeedsNoSupport() async throws {
        #expect(try await checks("The documents do not answer the question.").isEmpty)
    }

    @Test func marksOfTheModelAreLookedUpAndTakenOut() async throws {
        let answer = "The office is open from nine to five [2]. Cats sleep all day [2]. The office opens early [9]. A list[0] stays [x]."
        for pieces in [1, 3, 1000] {
            var checker = AnswerChecker(passages: try Self.passages.get(), question: "", marks: true)
            var found: [AnswerChecker.Piece] = []
            let scalars = Array(answer.unicodeScalars)
            for start in stride(from: 0, to: scalars.count, by: pieces) {
                found += await checker.add(String(String.UnicodeScalarView(scalars[start..<min(start + pieces, scalars.count)])))
            }
            found += await checker.finish()
            let text = found.map { if case .text(let text) = $0 { text } else { "" } }.joined()
            #expect(!text.contains("[2]") && text.hasSuffix("opens early [9]. A list[0] stays [x]."), "\(text)")
            let cited = found.compactMap { if case .citation(let citation) = $0 { citation.passage } else { nil } }
            #expect(cited.prefix(2) == [2, 1], "the second is found where it stands, not where the model said")
            #expect(checker.dropped == 1, "passage 2 has no cats")
        }
    }

    @Test func whatStandsBesideAnOrderOrAMonthMustStandThere() {
        let evidence = WordOrder("The last digits of the first line are counted. It was written in June 2021 and printed on 3 May 2023.")
        #expect(WordOrder("The first digits are counted.").contradicts(evidence))
        #expect(WordOrder("It was printed in June 2023.").contradicts(evidence))
        #expect(!WordOrder("The last digits are counted.").contradicts(evidence))
        #expect(!WordOrder("On May 3, 2023 it was printed.").contradicts(evidence), "in whatever order a date is written")
        #expect(!WordOrder("The first house was built in June 1999.").contradicts(evidence), "words it has not are no contradiction")
    }

    @Test func whatNoEvidenceDeniesIsNotFound() async throws {
        let text = "You can upload PDF files and plain text files. Refunds are not possible after a month."
        let passages = [try passage(text, index: 1, from: 0)]
        func verdict(_ statement: String) async -> SupportVerdict {
            await StatementVerifier(passages: passages, question: "Which files can I upload?").verify(statement).verdict
        }
        #expect(await verdict("You can upload PDF files.") == .supported)
        #expect(await verdict("You cannot upload PDF files from plain text files.") == .notFound)
        #expect(await verdict("Refunds are not possible after a month.") == .supported)
        #expect(await verdict("Refunds are possible after a month.") == .partly)
    }

    @Test func comparisonsDenyNothing() {
        #expect(!Claim("The hall is no bigger than a barn, and not less than a week old.").isNegated)
        #expect(Claim("The office is not open.").isNegated && Claim("It doesn't open.").isNegated)
    }

    @Test func tellingWordsLeaveOutTheCommonOnes() {
        #expect(TellingWords.of("The cats and the DOG's class, 42 times!") == ["cat", "dog", "class", "42", "time"])
        #expect(TellingWords.of("東京都 Ünïcode") == ["東京", "京都", "unicod"])
        #expect(TellingWords.of("it is of the").isEmpty)
    }

    @Test func aSentenceOfTheSameWordsIsNotBorneOut() async throws {
        var checker = AnswerChecker(passages: try Self.passages.get(), question: "When is the office open?")
        let found = await checker.add("The office office office office office is open.") + checker.finish()
        let verdicts = found.compactMap { if case .sentence(let check) = $0 { check.verdict } else { nil } }
        #expect(verdicts == [.notFound], "it is not borne out, whatever its words")
    }
}

/// A passage of a document that has only this text from this offset on.
func passage(_ text: String, index: Int, from: Int, name: String = "handbook.md") throws -> Passage {
    let now = Timestamp(milliseconds: Int64(index))
    let value: JSONValue = [
        "index": .int(Int64(index)), "chunk": .string(ChunkID(at: now).description), "document": .string(DocumentID(at: now).description),
        "revision": .string(RevisionID(at: now).description), "documentName": .string(name), "mediaType": "text/markdown",
        "text": .string(text), "from": .int(Int64(from)), "to": .int(Int64(from + text.unicodeScalars.count)),
        "headingPath": ["Office"], "score": 1,
    ]
    return try JSONDecoder().decode(Passage.self, from: Data(value.text.utf8))
}
